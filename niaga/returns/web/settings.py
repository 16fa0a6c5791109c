"""Settings of returns: why things come back, and the policy."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.catalog.queries.catalog_lists import category_tree
from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.parties.queries.customer_lists import groups_for
from niaga.returns.models import ReturnReason, ReturnRule
from niaga.returns.queries.bought import return_settings
from niaga.returns.queries.returns import reasons_of, rules_of
from niaga.returns.services.save_reason import save_reason
from niaga.returns.services.save_rule import MOST_DAYS, remove_rule, save_rule
from niaga.returns.services.save_settings import NAMES, save_settings
from niaga.returns.web.words import CONDITIONS, COUPONS, FAULTS, GIFTS
from niaga.ui import formatting
from niaga.ui.forms import NumberField, deed_view
from niaga.ui.stale import one_at_a_time


@login_required
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    language = get_language() or "id"
    own = return_settings(access.current_company.id)
    context = {
        "may_change": access.allows("setting", "change"), "own": own,
        "gifts": GIFTS[own.gifts], "coupons": COUPONS[own.coupons],
        "rules": [{"row": one, "words": _rule_told(one, language)} for one in rules_of(by=request.user)],
        "reasons": [
            {"row": one, "name": one.name(language), "words": _reason_told(one)}
            for one in reasons_of(by=request.user, archived=True)
        ],
    }  # fmt: skip
    return render(request, "returns/settings.html", context)


def _rule_told(rule: ReturnRule, language: str) -> str:
    of = [one.name for one in (rule.group, rule.category) if one is not None]
    if rule.reason is not None:
        of.append(rule.reason.name(language))
    said = [", ".join(of) if of else gettext("everything")]
    if rule.refused:
        said.append(gettext("nothing comes back"))
    elif rule.days is not None:
        said.append(ngettext("within %(days)d day", "within %(days)d days", rule.days) % {"days": rule.days})
    if rule.conditions and not rule.refused:
        said.append(", ".join(str(CONDITIONS[one]) for one in rule.conditions).lower())
    return " · ".join(said)


def _reason_told(reason: ReturnReason) -> str:
    said = [gettext("fault: %(who)s") % {"who": FAULTS[reason.fault]}]
    if reason.fee_percent:
        said.append(gettext("restocking fee %(percent)s") % {"percent": formatting.percent(reason.fee_percent)})
    if reason.customer_pays_freight:
        said.append(gettext("the customer pays the way back"))
    return " · ".join(said)


class ReasonForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    fault = forms.ChoiceField(label=_("Whose fault it is"), choices=list(FAULTS.items()))
    fee_percent = NumberField(
        label=_("Restocking fee, percent"), min_value=0, max_value=100, required=False,
        help_text=_("Of what is credited; a line of its own on the credit note."),
    )  # fmt: skip
    customer_pays_freight = forms.BooleanField(label=_("The customer pays the way back"), required=False)
    archive = forms.BooleanField(label=_("Archived"), required=False, help_text=_("Not offered any more."))


class RuleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("People read it where a line does not fit."))
    group = forms.ChoiceField(label=_("Customer group"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    days = forms.IntegerField(
        label=_("Days after it left"), min_value=0, max_value=MOST_DAYS, required=False,
        help_text=_("Empty: whenever."),
    )  # fmt: skip
    conditions = forms.MultipleChoiceField(
        label=_("Conditions"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(CONDITIONS.items()),
        help_text=_("None ticked: any."),
    )  # fmt: skip
    refused = forms.BooleanField(label=_("Nothing of this comes back"), required=False)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = access_of(request.user).current_company.id
        language = get_language() or "id"
        choices = {
            "group": [(str(one.pk), one.name) for one in groups_for(request.user)],
            "category": [(str(one.id), one.path) for one in category_tree(here)],
            "reason": [(str(one.pk), one.name(language)) for one in reasons_of(by=request.user)],
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("Whichever")), *options]  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    price_days = forms.IntegerField(
        label=_("Without a document, look back so many days"), min_value=1, max_value=MOST_DAYS,
        help_text=_("The lowest price that was paid in them is credited; another is typed by who may."),
    )  # fmt: skip
    mails_slip = forms.BooleanField(
        label=_("Mail the return slip when a return is authorized"), required=False,
        help_text=_("The customer puts it to the goods; its code opens the page that takes them in."),
    )  # fmt: skip
    gifts = forms.ChoiceField(
        label=_("Gifts that came with what goes back"), choices=list(GIFTS.items()),
        help_text=_("Charged at what the promotion took off for them, by the share of the goods that is back."),
    )  # fmt: skip
    coupons = forms.ChoiceField(
        label=_("A coupon can be used again"), choices=list(COUPONS.items()),
        help_text=_("The limits of its promotion are freed with it. Not on an exchange."),
    )  # fmt: skip


@login_required
@one_at_a_time
def edit_settings(request: HttpRequest) -> HttpResponse:
    """How what comes back is treated."""
    access = access_of(request.user)
    access.require("setting", "change")
    company_id = access.current_company.id
    found = return_settings(company_id)

    def deed(values: dict[str, Any]) -> str:
        save_settings(company_id=company_id, by=request.user, at=clock.now(), **values)
        return reverse("returns:settings")

    initial = {name: getattr(found, name) for name in NAMES}
    return form_page(
        request, form=lambda data: SettingsForm(data, initial=initial), deed=deed, subject=company_id,
        template="returns/settings_form.html", title=_("How returns are treated"),
    )  # fmt: skip


@login_required
@one_at_a_time
def edit_reason(request: HttpRequest, return_reason_id: UUID | None = None) -> HttpResponse:
    """A reason, new or known."""
    access = access_of(request.user)
    access.require("setting", "change")
    row = None
    if return_reason_id is not None:
        row = reasons_of(by=request.user, archived=True).filter(pk=return_reason_id).first()
        if row is None:
            raise NotFound()
    names = ("code", "name_id", "name_en", "fault", "fee_percent", "customer_pays_freight")
    initial = {**{name: getattr(row, name) for name in names}, "archive": bool(row.archived_at)} if row else {}

    def deed(values: dict[str, Any]) -> str:
        save_reason(
            company_id=access.current_company.id, reason_id=return_reason_id, by=request.user, at=clock.now(),
            **{**values, "fee_percent": values["fee_percent"] or 0},
        )  # fmt: skip
        return reverse("returns:settings")

    return form_page(
        request, form=lambda data: ReasonForm(data, initial=initial), deed=deed, subject=return_reason_id,
        template="returns/settings_form.html",
        title=row.name(get_language() or "id") if row else _("New reason"),
    )  # fmt: skip


@login_required
@one_at_a_time
def edit_rule(request: HttpRequest, return_rule_id: UUID | None = None) -> HttpResponse:
    """A rule of the policy, new or known."""
    access = access_of(request.user)
    access.require("setting", "change")
    row = None
    if return_rule_id is not None:
        row = rules_of(by=request.user).filter(pk=return_rule_id).first()
        if row is None:
            raise NotFound()
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {
            "name": row.name, "group": str(row.group_id or ""), "category": str(row.category_id or ""),
            "reason": str(row.reason_id or ""), "days": row.days, "conditions": row.conditions, "refused": row.refused,
        }  # fmt: skip

    def deed(values: dict[str, Any]) -> str:
        save_rule(
            company_id=access.current_company.id, rule_id=return_rule_id, name=values["name"],
            group_id=UUID(values["group"]) if values["group"] else None,
            category_id=UUID(values["category"]) if values["category"] else None,
            reason_id=UUID(values["reason"]) if values["reason"] else None, days=values["days"],
            conditions=values["conditions"], refused=values["refused"], by=request.user, at=clock.now(),
        )  # fmt: skip
        return reverse("returns:settings")

    return form_page(
        request, form=lambda data: RuleForm(request, data, initial=initial), deed=deed, subject=return_rule_id,
        template="returns/settings_form.html", title=row.name if row else _("New rule"),
        remove_url=reverse("returns:remove_rule", args=[return_rule_id]) if row else "",
    )  # fmt: skip


def _remove(request: HttpRequest, return_rule_id: UUID) -> str:
    remove_rule(rule_id=return_rule_id, by=request.user, at=clock.now())
    messages.success(request, gettext("The rule is removed."))
    return reverse("returns:settings")


def _own(request: HttpRequest, return_rule_id: UUID) -> None:
    access_of(request.user).require("setting", "change")
    if not rules_of(by=request.user).filter(pk=return_rule_id).exists():
        raise NotFound()


remove = deed_view("remove", _remove, check=_own)

"""Rules about late fees: the company's, those of groups, and a customer's own."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.catalog_lists import tax_categories_for
from niaga.core import clock
from niaga.invoicing.models import LateFeeRule
from niaga.invoicing.queries.late_fee_rules import late_fee_rule, late_fee_rules
from niaga.invoicing.services.save_late_fee_rule import MOST_GRACE, RuleInput, save_late_fee_rule
from niaga.invoicing.web.invoice_list import today_of
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.parties.queries.customer_lists import groups_for
from niaga.parties.queries.customers import customer_for
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.forms import AmountField, DayField, NumberField
from niaga.ui.lists import Day, Empty, Listing, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import one_at_a_time

STATES = {"on": Status(_("On"), "good", "circle-check"), "off": Status(_("No fee"), "calm", "circle-pause")}


def whom(rule: LateFeeRule) -> str:
    if rule.customer is not None:
        return rule.customer.name
    return rule.group.name if rule.group is not None else gettext("All others")


def cost(rule: LateFeeRule) -> str:
    if rule.fixed:
        return formatting.money(rule.fixed, rule.company.currency)
    if not rule.percent:
        return ""
    return gettext("%(percent)s a month") % {"percent": formatting.percent(rule.percent)}


class LateFeeRuleList(Listing):
    key, title, sort = "late_fee_rules", _("Rules about late fees"), ""
    above = (_("Settings"), "/settings")
    columns = (
        Text("whom", _("Customers"), source=whom, phone="title"),
        StatusColumn("state", _("Status"), source=lambda row: STATES["on" if row.is_active else "off"],
                     phone="status"),
        Text("cost", _("Late fee"), source=cost, phone="value"),
        Text("grace", _("Days of grace"), source=lambda row: formatting.number(row.grace_days)),
        Day("starts_on", _("From"), phone="meta"),
        Text("issues", _("Written as"), source=lambda row: gettext("Issued") if row.issues else gettext("Draft")),
    )  # fmt: skip
    empty = Empty(
        _("Paying late costs nothing yet"),
        _("Say what it costs: a percentage a month by the day, or a fixed amount; for all customers, for a group, or on"
          " a customer's page for one. Each month that is over makes one fee invoice a customer, with its reckoning."),
        icon="alarm-clock",
    )  # fmt: skip
    export = False

    def rows(self) -> QuerySet[LateFeeRule]:
        return late_fee_rules(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("invoicing:late_fee_rule", row.pk)

    def actions(self) -> list[Action]:
        return [
            Action(_("Late fees"), url=reverse("invoicing:late_fees"), icon="alarm-clock", method="get"),
            Action(_("New rule"), url=reverse("invoicing:new_late_fee_rule"), icon="plus", method="get", kind="go",
                   key="n"),
        ]  # fmt: skip


class LateFeeRuleForm(forms.Form):
    group_id = forms.ChoiceField(label=_("Customers"), required=False)
    is_active = forms.BooleanField(
        label=_("Charge late fees"), required=False,
        help_text=_("Off: these customers pay none, whatever other rules say."),
    )  # fmt: skip
    percent = NumberField(
        label=_("Percent a month"), required=False, min_value=Decimal(0), max_digits=9, decimal_places=6,
        help_text=_("Of what is open, by the day: a month is 30 days."),
    )  # fmt: skip
    fixed = AmountField(
        label=_("Or a fixed amount"), required=False, min_value=Decimal(0),
        help_text=_("Once for each part of an invoice that is late."),
    )  # fmt: skip
    grace_days = forms.IntegerField(
        label=_("Days of grace"), required=False, min_value=0, max_value=MOST_GRACE,
        help_text=_("So many days after the due day cost nothing."),
    )  # fmt: skip
    cap_percent = NumberField(
        label=_("At most, in % of the invoice"), required=False, min_value=Decimal(0), max_value=Decimal(100),
        max_digits=9, decimal_places=6, help_text=_("Empty: no limit."),
    )  # fmt: skip
    minimum = AmountField(
        label=_("Smallest fee of a month"), required=False, min_value=Decimal(0),
        help_text=_("Less than this waits for the next month."),
    )  # fmt: skip
    starts_on = DayField(label=_("From"), help_text=_("Days before it cost nothing."))
    with_older = forms.BooleanField(
        label=_("Also invoices that were due before"), required=False,
        help_text=_("Their days count from then on."),
    )  # fmt: skip
    promise_stops = forms.BooleanField(
        label=_("Days of a promise that was kept cost nothing"), required=False
    )  # fmt: skip
    tax_category_id = forms.ChoiceField(
        label=_("Tax"), required=False,
        help_text=_("A fee without tax does not stand in the Coretax file."),
    )  # fmt: skip
    issues = forms.BooleanField(
        label=_("Issue fee invoices at once"), required=False,
        help_text=_("Otherwise they are drafts, which a person looks at."),
    )  # fmt: skip

    def __init__(self, data: Any, *, request: HttpRequest, rule: LateFeeRule | None, alone: bool) -> None:
        super().__init__(data, initial=_initial(request, rule))
        if alone:
            del self.fields["group_id"]
        else:
            groups = [(str(one.pk), one.name) for one in groups_for(request.user)]
            self.fields["group_id"].choices = [("", _("All others")), *groups]  # type: ignore[attr-defined]
        taxes = [(str(one.pk), one.name) for one in tax_categories_for(request.user)]
        self.fields["tax_category_id"].choices = [("", _("No tax")), *taxes]  # type: ignore[attr-defined]

    def rule(self, values: dict[str, Any], customer_id: UUID | None) -> RuleInput:
        group, tax = values.get("group_id"), values["tax_category_id"]
        nought: dict[str, Any] = {name: values[name] or Decimal(0) for name in ("percent", "fixed", "minimum")}
        return RuleInput(
            customer_id=customer_id, group_id=UUID(group) if group else None,
            tax_category_id=UUID(tax) if tax else None, grace_days=values["grace_days"] or 0,
            cap_percent=values["cap_percent"] or None, starts_on=values["starts_on"], **nought,
            **{name: values[name] for name in ("is_active", "with_older", "promise_stops", "issues")},
        )  # fmt: skip


def _initial(request: HttpRequest, rule: LateFeeRule | None) -> dict[str, Any]:
    if rule is None:
        return {"is_active": True, "promise_stops": True, "starts_on": today_of(request)}
    same = ("is_active", "grace_days", "cap_percent", "starts_on", "with_older", "promise_stops", "issues")
    return {
        **{name: getattr(rule, name) for name in same}, "group_id": str(rule.group_id or ""),
        "tax_category_id": str(rule.tax_category_id or ""),
        **{name: getattr(rule, name) or None for name in ("percent", "fixed", "minimum")},
    }  # fmt: skip


@login_required
@one_at_a_time
def edit_late_fee_rule(request: HttpRequest, late_fee_rule_id: UUID | None = None) -> HttpResponse:
    """The rule of a group or of all others; one of a customer is changed here, too."""
    access_of(request.user).require("customer", "credit")
    rule = late_fee_rule(rule_id=late_fee_rule_id, by=request.user) if late_fee_rule_id else None
    return _page(request, rule, rule.customer if rule else None, reverse("invoicing:late_fee_rules"))


@login_required
@one_at_a_time
def edit_customers_rule(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The customer's own rule, before that of their group."""
    access_of(request.user).require("customer", "credit")
    customer = customer_for(request.user, customer_id)
    rule = late_fee_rules(by=request.user).filter(customer_id=customer_id).first()
    return _page(request, rule, customer, f"/customers/{customer_id}")


def _page(request: HttpRequest, rule: LateFeeRule | None, customer: Any, back: str) -> HttpResponse:
    company = access_of(request.user).current_company

    def form(data: Any) -> LateFeeRuleForm:
        made.append(LateFeeRuleForm(data, request=request, rule=rule, alone=customer is not None))
        return made[-1]

    def save(values: dict[str, Any]) -> str:
        save_late_fee_rule(
            company_id=company.id, rule=made[-1].rule(values, customer.pk if customer else None),
            rule_id=rule.pk if rule else None, by=request.user, at=clock.now(),
        )  # fmt: skip
        return back

    made: list[LateFeeRuleForm] = []
    return form_page(
        request, form=form, deed=save, template="invoicing/late_fee_rule.html", subject=rule.pk if rule else None,
        rule=rule, customer=customer, back=back, currency=company.currency,
        title=customer.name if customer else whom(rule) if rule else gettext("New rule"),
    )  # fmt: skip

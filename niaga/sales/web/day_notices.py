"""Whether customers hear of promised days that change: the rules, and the question on an order's page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.messaging.queries.whatsapp_templates import approved_templates
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.sales.models import SalesOrder
from niaga.sales.queries.day_notices import line_days, notice_subject, open_notice, own_notice_rule
from niaga.sales.rules.day_notice import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    PLACEHOLDERS,
    USUAL,
    Changed,
    changed_days,
)
from niaga.sales.services.answer_day_notice import answer_day_notice
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule
from niaga.sales.web.order_actions import may, order_address
from niaga.ui import formatting
from niaga.ui.forms import deed_view
from niaga.ui.stale import one_at_a_time

MODES = {
    "none": _("Customers are not told"),
    "ask": _("Ask each time, on the order"),
    "always": _("Always, a quarter of an hour after the first change"),
}


class NoticeRuleForm(forms.Form):
    """`has_words`: the company's, with channels and words."""

    mode = forms.ChoiceField(label=_("When a promised day changes"), required=False)
    by_email = forms.BooleanField(label=_("By e-mail"), required=False)
    whatsapp_template = forms.ChoiceField(
        label=_("By WhatsApp, with the template"), required=False,
        help_text=_("Templates that WhatsApp approved; {{days}} stands for the new days."),
    )  # fmt: skip
    subject_id = forms.CharField(label=_("Subject, Indonesian"), required=False, max_length=LONGEST_SUBJECT)
    text_id = forms.CharField(label=_("Text, Indonesian"), required=False, max_length=LONGEST_TEXT,
                              widget=forms.Textarea(attrs={"rows": 7}))  # fmt: skip
    subject_en = forms.CharField(label=_("Subject, English"), required=False, max_length=LONGEST_SUBJECT)
    text_en = forms.CharField(label=_("Text, English"), required=False, max_length=LONGEST_TEXT,
                              widget=forms.Textarea(attrs={"rows": 7}))  # fmt: skip

    def __init__(self, data: Any, *, initial: dict[str, Any], none: Any, templates: list[str] | None) -> None:
        super().__init__(data, initial=initial)
        self.fields["mode"].choices = [("", none), *MODES.items()]  # type: ignore[attr-defined]
        if templates is None:
            for name in [name for name in self.fields if name != "mode"]:
                del self.fields[name]
            return
        names = [(name, name) for name in templates]
        self.fields["whatsapp_template"].choices = [("", _("No WhatsApp")), *names]  # type: ignore[attr-defined]
        self.fields["text_id"].help_text = " ".join(f"{{{{{name}}}}}" for name in PLACEHOLDERS)


@login_required
@one_at_a_time
def company_rule(request: HttpRequest) -> HttpResponse:
    """Whether customers without a rule of their own are told, how, and in which words."""
    company_id = access_of(request.user).current_company.id
    notice_subject(by=request.user, company_id=company_id, customer_id=None)
    held = own_notice_rule(company_id=company_id, customer_id=None)
    words = {**USUAL, **(held.words if held else {})}
    initial: dict[str, Any] = {
        "mode": held.mode if held else "", "by_email": held.by_email if held else True,
        "whatsapp_template": held.whatsapp_template if held else "",
        **{f"{name}_{language}": said[name] for language, said in words.items() for name in ("subject", "text")},
    }  # fmt: skip
    templates = {name for name, _language in approved_templates(company_id)}
    if held and held.whatsapp_template:
        templates.add(held.whatsapp_template)

    def save(values: dict[str, Any]) -> str:
        said = {
            language: {name: values[f"{name}_{language}"] for name in ("subject", "text")} for language in ("id", "en")
        }
        own = {language: one for language, one in said.items() if not _is_usual(one, language)}
        save_day_notice_rule(
            company_id=company_id, customer_id=None, mode=values["mode"], by_email=values["by_email"],
            whatsapp_template=values["whatsapp_template"], words=own, by=request.user, at=clock.now(),
        )  # fmt: skip
        return reverse("sales:day_notice_rule")

    return form_page(
        request,
        form=lambda data: NoticeRuleForm(
            data, initial=initial, none=_("No rule: customers are not told"), templates=sorted(templates)
        ),
        deed=save, template="sales/day_notice_rule.html", subject=company_id, customer=None,
        back=reverse("organization:settings"),
    )  # fmt: skip


def _is_usual(said: dict[str, str], language: str) -> bool:
    """Whether the usual words stand there; line ends come back from a page as they please."""
    return all(" ".join(said[name].split()) == " ".join(USUAL[language][name].split()) for name in said)


@login_required
@one_at_a_time
def customer_rule(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Whether this customer is told."""
    company_id = access_of(request.user).current_company.id
    customer = notice_subject(by=request.user, company_id=company_id, customer_id=customer_id)
    held = own_notice_rule(company_id=company_id, customer_id=customer_id)
    back = f"/customers/{customer_id}"

    def save(values: dict[str, Any]) -> str:
        save_day_notice_rule(
            company_id=company_id, customer_id=customer_id, mode=values["mode"], by=request.user, at=clock.now()
        )
        return back

    return form_page(
        request,
        form=lambda data: NoticeRuleForm(
            data, initial={"mode": held.mode if held else ""}, none=_("As the company's rule says"), templates=None
        ),
        deed=save, template="sales/day_notice_rule.html", subject=customer_id, customer=customer, back=back,
    )  # fmt: skip


def notice_note(request: HttpRequest, order: SalesOrder) -> dict[str, Any] | None:
    """What stands above an order's lines while its customer is to be told, or somebody asked; no statement while
    nothing is."""
    if order.status != "confirmed" or not order.__dict__["has_day_notice"]:
        return None
    notice = open_notice(order_id=order.pk)
    if notice is None:
        return None
    changed = changed_days(notice.before, line_days(order))
    return {
        "asked": notice.state == "asked", "due_at": notice.due_at, "may": may(request, "order", "send", order),
        "days": list(dict.fromkeys(_words(one) for one in changed))[:4],
    }  # fmt: skip


def _words(one: Changed) -> str:
    return " → ".join(formatting.day(day) for day in (one.before, one.after) if day)


def _answer(request: HttpRequest, order_id: UUID) -> str:
    answer_day_notice(order_id=order_id, tell="tell" in request.POST, by=request.user, at=clock.now())
    return order_address(order_id)


answer = deed_view("answer_day_notice", _answer)

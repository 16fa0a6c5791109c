"""When and where a customer takes invoices in, and with which papers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.invoicing.models import ExchangeRule
from niaga.invoicing.queries.exchange_rules import exchange_rule_of
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.web.exchange_words import PAPERS, WEEKDAYS
from niaga.organization.web.pages import form_page
from niaga.parties.queries.customers import customer_for
from niaga.ui.stale import one_at_a_time


class ExchangeRuleForm(forms.Form):
    is_active = forms.BooleanField(
        label=_("Takes invoices in (tukar faktur)"), required=False,
        help_text=_("Open invoices wait for a round until they were exchanged for a receipt."),
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )  # fmt: skip
    month_days = forms.CharField(
        label=_("Days of the month"), required=False, max_length=120,
        help_text=_("Such as 10, 25; 31 is the month's last day. A day that is no working day moves to the next one."
                    " Neither these nor weekdays: every working day."),
    )  # fmt: skip
    time_from = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    time_until = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("Place"), required=False, max_length=200, help_text=_("Counter, floor, building."))
    contact_name = forms.CharField(label=_("Who takes them in"), required=False, max_length=120)
    papers = forms.MultipleChoiceField(
        label=_("Papers they want"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(PAPERS.items())
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def clean_month_days(self) -> list[int]:
        parts = [part for part in self.cleaned_data["month_days"].replace(",", " ").split() if part]
        if any(not part.isdecimal() or not 1 <= int(part[:4]) <= 31 for part in parts):
            raise ValidationError(_("Days of the month are 1 to 31."), code="invalid")
        return [int(part) for part in parts]

    def clean_weekdays(self) -> list[int]:
        return [int(day) for day in self.cleaned_data["weekdays"]]


def _initial(rule: ExchangeRule | None) -> dict[str, Any]:
    if rule is None:
        return {"is_active": True, "papers": ["invoice", "tax_invoice"]}
    same = ("is_active", "place", "contact_name", "papers", "note")
    return {
        **{name: getattr(rule, name) for name in same}, "weekdays": [str(day) for day in rule.weekdays],
        "month_days": ", ".join(map(str, rule.month_days)),
        "time_from": f"{rule.time_from:%H:%M}" if rule.time_from else "",
        "time_until": f"{rule.time_until:%H:%M}" if rule.time_until else "",
    }  # fmt: skip


@login_required
@one_at_a_time
def edit_exchange_rule(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """When this customer takes invoices in."""
    customer = customer_for(request.user, customer_id, "change")
    rule = exchange_rule_of(customer_id=customer_id, by=request.user)
    back = f"/customers/{customer_id}"

    def save(values: dict[str, Any]) -> str:
        save_exchange_rule(customer_id=customer_id, rule=ExchangeRuleInput(**values), by=request.user, at=clock.now())
        return back

    return form_page(
        request, form=lambda data: ExchangeRuleForm(data, initial=_initial(rule)), deed=save,
        template="invoicing/exchange_rule.html", subject=customer_id, customer=customer, back=back,
    )  # fmt: skip

"""What payment gateways paid out to the bank: the list, and writing one down."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.errors import Forbidden, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.organization.web.fields import SettingsForm, choose, chosen
from niaga.payments.queries.gateway_accounts import account_names
from niaga.payments.queries.payouts import may_record_payouts, visible_payouts
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.ui.documents import Action
from niaga.ui.forms import DayField, NumberField, once, refuse
from niaga.ui.lists import Day, Days, Empty, Listing, Money, Search, Text, Total


class PayoutList(Listing):
    key, title, sort = "payouts", _("Payouts"), "-date"
    above = (_("Payments"), "/payments")
    columns = (
        Text("account", _("Gateway"), source="account__name", phone="title"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("bank", _("Bank account"), source=lambda row: str(row.bank_account or ""), phone="meta"),
        Text("reference", _("Reference")),
        Money("fee", _("Fee")),
        Money("amount", _("Amount"), sort="amount", phone="value"),
    )
    filters = (
        Search("q", _("Reference"), match=lambda rows, text: rows.filter(reference__icontains=text)),
        Days("date", _("Date")),
    )
    totals = (
        Total("fee", _("Fee"), currency="currency"), Total("amount", _("Amount"), currency="currency"),
    )  # fmt: skip
    empty = Empty(
        _("No payouts yet"),
        _("A gateway collects what customers pay and sends it to your bank later. Write down what came, so that its"
          " account in the books shows what it still holds."),
        icon="landmark",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("payment", "view")
        return visible_payouts(by=self.request.user)

    def actions(self) -> list[Action]:
        if not may_record_payouts(by=self.request.user):
            return []
        return [Action(_("Record payout"), url=reverse("payments:new_payout"), icon="plus", method="get", kind="go")]


class PayoutForm(SettingsForm):
    account_id = forms.ChoiceField(label=_("Gateway"))
    amount = NumberField(label=_("What came to the bank"), min_value=0, max_digits=19, decimal_places=4)
    fee = NumberField(
        label=_("Kept besides"), min_value=0, max_digits=19, decimal_places=4, initial=0,
        help_text=_("For the payout itself; the fees of the payments are booked already."),
    )  # fmt: skip
    date = DayField(label=_("Date"), required=False)
    bank_account_id = forms.ChoiceField(label=_("Bank account"), required=False)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)
    half = ("amount", "fee", "date", "bank_account_id")


@login_required
def new_payout(request: HttpRequest) -> HttpResponse:
    if not may_record_payouts(by=request.user):
        raise Forbidden()
    form = PayoutForm(request.POST if request.method == "POST" else None)
    form.fields["account_id"].choices = [  # type: ignore[attr-defined]
        (str(key), name) for key, name in account_names(by=request.user)
    ]
    accounts = bank_accounts(by=request.user).filter(archived_at=None, currency="IDR")
    named = [(row.pk, f"{row.bank} {row.number}") for row in accounts]
    form.fields["bank_account_id"].choices = choose(named)  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data

            def deed() -> str:
                details = PayoutDetails(
                    values["amount"], values["fee"], values["date"], chosen(values["bank_account_id"]),
                    values["reference"],
                )  # fmt: skip
                record_payout(account_id=UUID(values["account_id"]), details=details, by=request.user, at=now())
                return reverse("payments:payouts")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    context = {"form": form, "above": (_("Payouts"), reverse("payments:payouts"))}
    return render(request, "payments/new_payout.html", context, status=status)

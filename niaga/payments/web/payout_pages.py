"""What payment gateways paid out to the bank: the list, and writing one down."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.errors import Forbidden, NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.organization.web.fields import SettingsForm, choose, chosen
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import get_line
from niaga.payments.queries.gateway_accounts import account_names
from niaga.payments.queries.payouts import may_record_payouts, visible_payouts
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.payments.services.record_shown_payout import record_shown_payout
from niaga.payments.web.bank_words import PAYOUT_STATES
from niaga.ui.documents import Action
from niaga.ui.forms import DayField, NumberField, once, refuse
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Search, StatusColumn, Text, Total, View
from niaga.ui.lists.addresses import row_address


class PayoutList(Listing):
    key, title, sort = "payouts", _("Payouts"), "-date"
    above = (_("Payments"), "/payments")
    columns = (
        Text("account", _("Gateway"), source="account__name", phone="title"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("bank", _("Bank account"), source=lambda row: str(row.bank_account or ""), phone="meta"),
        Text("reference", _("Reference")),
        StatusColumn("state", _("In the bank"), statuses=PAYOUT_STATES, phone="status"),
        Money("fee", _("Fee")),
        Money("amount", _("Amount"), sort="amount", phone="value"),
    )
    filters = (
        Search("q", _("Reference"), match=lambda rows, text: rows.filter(reference__icontains=text)),
        Choice("state", _("In the bank"), options=[(key, one.label) for key, one in PAYOUT_STATES.items()]),
        Days("date", _("Date")),
    )
    views = (View(_("Not in the bank"), "state=missing"),)
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
        return visible_payouts(by=self.request.user, at=now())

    def url(self, row: Any) -> str:
        return row_address("payments:bank_line", row.bank_line_id) if row.bank_line_id else ""

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
    """Write a payout down; with `?line=` as that bank line shows it, which is booked to it."""
    if not may_record_payouts(by=request.user):
        raise Forbidden()
    line = _line(request)
    shown = _as_shown(request, line) if line else {}
    form = PayoutForm(request.POST if request.method == "POST" else None, initial=shown)
    form.fields["account_id"].choices = [  # type: ignore[attr-defined]
        (str(key), name) for key, name in account_names(by=request.user)
    ]
    if line:
        form.fields["amount"].disabled = True
        del form.fields["bank_account_id"]
    else:
        accounts = bank_accounts(by=request.user).filter(archived_at=None, currency="IDR")
        named = [(row.pk, f"{row.bank} {row.number}") for row in accounts]
        form.fields["bank_account_id"].choices = choose(named)  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return once(request, lambda: _recorded(request, form.cleaned_data, line))
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    above: tuple[Any, str] = (_("Payouts"), reverse("payments:payouts"))
    if line:
        above = (Truncator(line.text).chars(60), reverse("payments:bank_line", args=[line.pk]))
    return render(request, "payments/new_payout.html", {"form": form, "above": above, "line": line}, status=status)


def _recorded(request: HttpRequest, values: dict[str, Any], line: BankLine | None) -> str:
    details = PayoutDetails(
        values["amount"], values["fee"], values["date"], chosen(values.get("bank_account_id", "")), values["reference"]
    )
    key = UUID(values["account_id"])
    if line is None:
        record_payout(account_id=key, details=details, by=request.user, at=now())
        return reverse("payments:payouts")
    record_shown_payout(line_id=line.pk, account_id=key, details=details, by=request.user, at=now())
    messages.success(request, gettext("Booked."))
    return reverse("payments:bank_statement", args=[line.statement_id])


def _line(request: HttpRequest) -> BankLine | None:
    """The line that is named; one that is booked already is not asked about again.

    :raises NotFound: no such line, money that went out, or it is booked
    """
    named = request.GET.get("line", "")
    if not named:
        return None
    try:
        line = get_line(line_id=UUID(named), by=request.user)
    except ValueError as error:
        raise NotFound() from error
    if line.status != "open" or line.amount <= 0:
        raise NotFound()
    return line


def _as_shown(request: HttpRequest, line: BankLine) -> dict[str, Any]:
    match = proposals_for(lines=[line], by=request.user).matches[line.pk]
    return {
        "amount": line.amount, "date": line.date, "reference": line.reference,
        "account_id": str(match.waits_for.account_id) if match.waits_for else None,
    }  # fmt: skip

"""A credit note's rest is paid out: how much can go back, out of which payments, and by which way."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.invoicing.queries.allocations import credit_left
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.organization.web.fields import SettingsForm, choose, chosen
from niaga.payments.errors import RefundNeedsApproval
from niaga.payments.queries.credit_refunds import shared_out, sources_of_note
from niaga.payments.queries.refund_gate import asked_of
from niaga.payments.services.ask_for_refund import ask_for_pay_out
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.web.request_words import ASKED, PAY_OUT_WAYS, REFUND_WAYS
from niaga.ui.forms import NumberField, once, refuse


class PayOutForm(SettingsForm):
    amount = NumberField(label=_("Amount"), min_value=0, max_digits=19, decimal_places=4)
    way = forms.ChoiceField(label=_("Way"), choices=list(PAY_OUT_WAYS.items()))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    bank_account_id = forms.ChoiceField(label=_("From the account"), required=False)
    reference = forms.CharField(
        label=_("Reference"), max_length=80, required=False, help_text=_("Of the transfer, or of the cash slip.")
    )
    half = ("amount", "way", "bank_account_id", "reference")


@login_required
def pay_out(request: HttpRequest, credit_note_id: UUID) -> HttpResponse:
    note = credit_left(credit_note_id)
    if note is None or not access_of(request.user).reaches("invoice", "view", note):
        raise NotFound()
    access_of(request.user).require("payment", "refund", note)
    sources = sources_of_note(note)
    most = min(note.left, sum((one.amount for one in sources), Decimal(0)))

    def make(data: Any = None) -> PayOutForm:
        form = PayOutForm(data, initial={"amount": most, "way": "original", "reason": note.number})
        rows = bank_accounts(by=request.user).filter(archived_at=None, currency=note.currency)
        accounts = [(row.pk, f"{row.bank} {row.number}") for row in rows]
        form.fields["bank_account_id"].choices = choose(accounts)  # type: ignore[attr-defined]
        return form

    here, form, status = f"/invoices/{note.pk}", make(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data

            def deed() -> str:
                details = PayOut(
                    reason=values["reason"], way=values["way"], amount=values["amount"], reference=values["reference"],
                    bank_account_id=chosen(values["bank_account_id"]),
                )  # fmt: skip
                told: dict[str, Any] = {"credit_note_id": note.pk, "details": details, "by": request.user}
                try:
                    made = pay_out_credit(**told, at=clock.now())
                except RefundNeedsApproval as needed:
                    if needed.facts["waiting"]:
                        raise
                    ask_for_pay_out(**told, at=clock.now())
                    messages.info(request, ASKED)
                    return here
                messages.success(request, gettext("Paid out: %(numbers)s.") % {"numbers": ", ".join(map(str, made))})
                return here

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    parts = [
        {"source": one, "amount": part, "way": REFUND_WAYS[one.way].label} for one, part in shared_out(sources, most)
    ]
    context = {
        "form": form, "note": note, "most": most, "parts": parts, "above": (note.number, here),
        "asked_back": asked_of([note.pk]),
    }  # fmt: skip
    return render(request, "payments/pay_out.html", context, status=status)

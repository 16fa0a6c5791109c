"""Money given back: asked for on the payment's page, and how each refund stands."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Refusal, WrongState
from niaga.core.queries.together import ask
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.ledger.queries.journal import journal_of
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.organization.queries.users import deeds_of
from niaga.organization.web.fields import SettingsForm, choose, chosen
from niaga.payments.errors import RefundNeedsApproval
from niaga.payments.queries.payments import get_payment
from niaga.payments.queries.refund_gate import asked_of
from niaga.payments.queries.refunds import (
    get_refund,
    gives_back_itself,
    left_to_refund,
    listed_refunds,
    matching_refunds,
)
from niaga.payments.services.ask_for_refund import ask_for_refund
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.settle_refund_by_hand import settle_refund_by_hand
from niaga.payments.web.request_words import ASKED, REFUND_WAYS, REFUNDS
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, TimelineEntry
from niaga.ui.forms import NumberField, once, refuse
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Reference, Search, StatusColumn, Text, Total, View
from niaga.ui.lists.addresses import row_address

HAPPENED = {"finish": _("Done"), "fail": _("Failed"), "attach": _("File added"), "retry": _("Sent again")}


class RefundList(Listing):
    key, title, sort = "refunds", _("Refunds"), "-number"
    above = (_("Payments"), "/payments")
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="meta"),
        Text("payment", _("Payment"), source="payment__number"),
        Day("date", _("Date"), sort="date", phone="meta"),
        StatusColumn("way", _("Way"), statuses=REFUND_WAYS, sort="way"),
        StatusColumn("status", _("Status"), statuses=REFUNDS, sort="status", phone="status"),
        Money("amount", _("Amount"), sort="amount", phone="value"),
    )
    filters = (
        Search("q", _("Number, customer, payment or reference"), match=matching_refunds),
        Choice("status", _("Status"), options=[(code, status.label) for code, status in REFUNDS.items()]),
        Choice("way", _("Way"), options=[(code, way.label) for code, way in REFUND_WAYS.items()]),
        Days("date", _("Date")),
    )
    views = (View(_("Uncertain"), "status=uncertain"), View(_("Failed"), "status=failed"))
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("No refunds yet"),
        _("Money that goes back to a customer is asked for on the page of the payment it came by, wholly or in part."),
        icon="undo-2",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("payment", "view")
        return listed_refunds(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("payments:refund", row.pk)


class RefundForm(SettingsForm):
    amount = NumberField(label=_("Amount"), min_value=0, max_digits=19, decimal_places=4)
    way = forms.ChoiceField(label=_("Way"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    bank_account_id = forms.ChoiceField(label=_("From the account"), required=False)
    reference = forms.CharField(
        label=_("Reference"), max_length=80, required=False, help_text=_("Of the transfer, or of the cash slip.")
    )
    half = ("amount", "way", "bank_account_id", "reference")


@login_required
def new_refund(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    payment = get_payment(payment_id=payment_id, by=request.user)
    access_of(request.user).require("payment", "refund", payment)
    left = left_to_refund(payment)
    if left <= 0:
        raise WrongState()
    by_gateway = gives_back_itself(payment)
    usual = "gateway" if by_gateway else "cash" if payment.method == "cash" else "transfer"

    def make(data: Any = None) -> RefundForm:
        form = RefundForm(data, initial={"amount": left, "way": usual})
        ways = [(code, way.label) for code, way in REFUND_WAYS.items() if code != "gateway" or by_gateway]
        form.fields["way"].choices = ways  # type: ignore[attr-defined]
        rows = bank_accounts(by=request.user).filter(archived_at=None, currency=payment.currency)
        accounts = [(row.pk, f"{row.bank} {row.number}") for row in rows]
        form.fields["bank_account_id"].choices = choose(accounts)  # type: ignore[attr-defined]
        return form

    form, status = make(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data

            def deed() -> str:
                details = RefundDetails(
                    way=values["way"], reason=values["reason"], amount=values["amount"], reference=values["reference"],
                    bank_account_id=chosen(values["bank_account_id"]),
                )  # fmt: skip
                told: dict[str, Any] = {"payment_id": payment_id, "details": details, "by": request.user}
                try:
                    made = refund_payment(**told, at=clock.now())
                except RefundNeedsApproval as needed:
                    if needed.facts["waiting"]:
                        raise
                    ask_for_refund(**told, at=clock.now())
                    messages.info(request, ASKED)
                    return reverse("payments:payment", args=[payment_id])
                return reverse("payments:refund", args=[made.id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    used: Decimal = left - (payment.amount - payment.allocated)
    context = {
        "form": form, "payment": payment, "left": left, "undone": max(used, Decimal(0)),
        "asked_back": asked_of([payment_id]),
        "above": (payment.number, reverse("payments:payment", args=[payment_id])),
    }  # fmt: skip
    return render(request, "payments/new_refund.html", context, status=status)


@login_required
@require_GET
def show_refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    refund = get_refund(refund_id=refund_id, by=request.user)
    access = access_of(request.user)
    may_change = access.reaches("payment", "refund", refund)
    state = REFUNDS[refund.status]
    page = DocumentPage(
        kind="refund", id=refund.pk, number=refund.number, party=refund.customer.name,
        party_url=f"/customers/{refund.customer_id}", party_id=refund.customer_id,
        axes=[
            Axis(_("Status"), state.label, state.tone, state.icon),
            Axis(_("Amount"), formatting.money(refund.amount, refund.currency)),
            Axis(_("Way"), REFUND_WAYS[refund.way].label), Axis(_("Date"), formatting.day(refund.date)),
        ],
        more=_by_hand(refund) if may_change else [],
        timeline=[
            TimelineEntry(at=row.at, text=str(HAPPENED.get(row.verb, row.verb)), by=row.who or "", quote=row.note)
            for row in deeds_of(refund.pk)
        ],
        files=files_of(kind="refund", subject_id=refund.pk, removable=may_change),
        upload_url=upload_url(kind="refund", subject_id=refund.pk) if may_change else "",
    ).read(request)  # fmt: skip
    [journal] = ask(journal_of(refund.pk, by=request.user))
    return render(request, "payments/refund.html", {"page": page, "refund": refund, "journal": journal})


def _by_hand(refund: Any) -> list[Action]:
    if refund.status not in ("uncertain", "pending"):
        return []
    said = gettext("Say so only after you saw it at the gateway itself.")
    url = reverse("payments:refund_settlement", args=[refund.pk])
    return [
        Action(_("It went back"), url=f"{url}?done=1", icon="check",
               confirm=Consequence(_("Did the money go back?"), said, reason=_("How you know"))),
        Action(_("It did not go back"), url=url, icon="undo-2", kind="bad",
               confirm=Consequence(_("Did the money stay?"), said, reason=_("How you know"), danger=True)),
    ]  # fmt: skip


@login_required
@require_POST
def refund_settlement(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """A person saw at the gateway what became of it."""
    get_refund(refund_id=refund_id, by=request.user)

    def deed() -> str:
        settle_refund_by_hand(
            refund_id=refund_id, went_back="done" in request.GET, note=request.POST.get("reason", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Saved."))
        return reverse("payments:refund", args=[refund_id])

    return once(request, deed)

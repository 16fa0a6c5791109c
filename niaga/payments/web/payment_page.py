"""A payment: what it settled, what is left of it, and taking it back."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.core.queries.together import Question, ask
from niaga.core.rules.terbilang import amount_in_words
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.documents.web.stamps import stamp_actions, stamp_axes
from niaga.invoicing.queries.allocations import allocations_of_sources, open_balances
from niaga.ledger.queries.journal import journal_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.payments.models import Payment
from niaga.payments.queries.payments import get_payment, whole_payment
from niaga.payments.queries.refund_gate import asked_of
from niaga.payments.queries.refunds import refunds_of
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.stamp_payment import stamp_payment
from niaga.payments.web.giro_fees import fee_asked, fee_context, typed_fee
from niaga.payments.web.request_words import REFUNDS
from niaga.payments.web.words import METHODS, payment_state
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, TimelineEntry
from niaga.ui.forms import once

HAPPENED = {
    "record": _("Recorded"),
    "allocate": _("Settled"),
    "clear": _("Giro cleared"),
    "reverse": _("Reversed"),
    "refund": _("Refunded"),
    "refund_failed": _("Refund failed"),
    "attach": _("File added"),
    "charge_giro_fee": _("Fee charged"),
    "waive_giro_fee": _("Fee waived"),
    "stamp": _("e-meterai affixed"),
}


@login_required
@require_GET
def show_payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    payment = whole_payment(payment_id=payment_id, by=request.user)
    may = _rights(request, payment)
    left = payment.amount - payment.allocated if payment.status == "recorded" else 0
    page = DocumentPage(
        kind="payment", id=payment.pk, number=payment.number, party=payment.customer.name,
        party_url=f"/customers/{payment.customer_id}", party_id=payment.customer_id, axes=_axes(payment),
        primary=_primary(payment, may), actions=[_receipt(payment)], more=_more(payment, may),
        timeline=_timeline(payment),
        files=files_of(kind="payment", subject_id=payment.pk, removable=may["change"]),
        upload_url=upload_url(kind="payment", subject_id=payment.pk) if may["change"] else "",
    ).read(request)  # fmt: skip
    targets: Any = open_balances(customer_id=payment.customer_id, by=request.user)
    settled, refunds, offered, journal, charged, taken = ask(
        Question(allocations_of_sources([payment.pk]), list),
        Question(refunds_of(payment.pk), list),
        Question(targets.values("invoice_id", "currency", "open", "due_date", number=F("invoice__number"))[:50], list)
        if left and may["allocate"] else [],
        journal_of(payment.pk, by=request.user),
        *fee_asked(request, payment),
    )  # fmt: skip
    home = payment.company.currency
    for target in offered:
        both = {payment.currency, target["currency"]}
        target["rates"] = sorted(both - {home}) if len(both) > 1 else []
    context = {
        "page": page, "payment": payment, "left": left, "may": may, "settled": settled,
        "asked_back": asked_of([payment.pk]),
        "refunds": [{**one, "said": REFUNDS[one["status"]]} for one in refunds],
        "method": METHODS[payment.method], "targets": offered, "journal": journal,
        "words": amount_in_words(payment.amount, payment.currency, get_language() or "id"),
        "reversal": getattr(payment, "reversal", None),
        "clearing": getattr(payment, "clearing", None), "fee_currency": home,
        **fee_context(request, payment, charged, taken),
    }  # fmt: skip
    return render(request, "payments/payment.html", context)


def _rights(request: HttpRequest, payment: Payment) -> dict[str, bool]:
    access = access_of(request.user)
    return {
        action: access.reaches("payment", action, payment)
        for action in ("change", "record", "allocate", "reverse", "refund")
    }


def _axes(payment: Any) -> list[Axis]:
    state = payment_state(payment)
    axes = [
        Axis(_("Status"), state.label, state.tone, state.icon),
        Axis(_("Amount"), formatting.money(payment.amount, payment.currency)),
        *([_in_base(payment)] if payment.currency != payment.company.currency else []),
        Axis(_("Date"), formatting.day(payment.date)),
        Axis(_("Method"), METHODS[payment.method].label),
    ]
    if payment.status == "recorded" and payment.allocated < payment.amount:
        axes.append(Axis(_("Advance left"), formatting.money(payment.amount - payment.allocated, payment.currency)))
    axes += stamp_axes(payment)
    return axes


def _in_base(payment: Any) -> Axis:
    home = payment.company.currency
    rate = formatting.number(payment.exchange_rate.normalize() + 0)
    return Axis(
        gettext("In %(home)s at %(rate)s") % {"home": home, "rate": rate}, formatting.money(payment.base_amount, home)
    )


def _primary(payment: Any, may: dict[str, bool]) -> Action | None:
    waits = payment.method == "giro" and payment.status == "recorded" and getattr(payment, "clearing", None) is None
    if waits and may["record"]:
        return Action(_("Giro was cleared"), dialog="clear", icon="check", kind="go", key="c")
    return None


def _receipt(payment: Payment) -> Action:
    url = reverse("documents:paper", args=["payment", payment.pk])
    return Action(_("Payment receipt"), url=url, method="get", icon="file-text", new_tab=True)


def _more(payment: Any, may: dict[str, bool]) -> list[Action]:
    return [*stamp_actions(payment, may=may["record"]), *_refund(payment, may), *_taking_back(payment, may)]


def _refund(payment: Any, may: dict[str, bool]) -> list[Action]:
    waits = payment.method == "giro" and getattr(payment, "clearing", None) is None
    if payment.status != "recorded" or waits or not may["refund"]:
        return []
    url = reverse("payments:new_refund", args=[payment.pk])
    return [Action(_("Refund"), url=url, method="get", icon="undo-2")]


def _taking_back(payment: Any, may: dict[str, bool]) -> list[Action]:
    if payment.status != "recorded" or not may["reverse"]:
        return []
    text = gettext(
        "%(amount)s is taken back: what it settled is owed again, and the books show the reversal. This cannot be"
        " undone."
    ) % {"amount": formatting.money(payment.amount, payment.currency)}
    taken_back = Action(
        _("Reverse"), url=reverse("payments:reversal", args=[payment.pk]), icon="undo-2", kind="bad",
        confirm=Consequence(
            _("Take this payment back?"), text, button=_("Reverse"), reason=_("Reason"), danger=True
        ),
    )  # fmt: skip
    returned = Action(_("Giro was returned"), dialog="returned", icon="undo-2", kind="bad")
    return [returned, taken_back] if payment.method == "giro" else [taken_back]


def _timeline(payment: Payment) -> list[TimelineEntry]:
    entries = []
    for row in deeds_of(payment.pk):
        quote = row.note
        if row.verb == "stamp":
            quote = row.data["serial"]
        if row.verb in ("refund", "refund_failed", "charge_giro_fee", "waive_giro_fee"):
            money = formatting.money(Decimal(row.data["amount"]), row.data["currency"])
            quote = f"{money} · {row.note}" if row.note else money
        if row.verb == "allocate":
            currency = row.data.get("currency", payment.currency)
            quote = f"{row.data['invoice']} · {formatting.money(Decimal(row.data['amount']), currency)}"
        entries.append(
            TimelineEntry(
                at=row.at, text=str(HAPPENED.get(row.verb, row.verb.capitalize())),
                by=row.who or "", quote=quote,
            )
        )  # fmt: skip
    return entries


def _day(request: HttpRequest, name: str) -> date | None:
    """:raises Invalid: what was typed is no day"""
    text = request.POST.get(name, "").strip()
    try:
        day = parse_date(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("This is no day."), field=name) from error
    if text and day is None:
        raise Invalid(gettext("This is no day."), field=name)
    return day


@login_required
@require_POST
def reversal(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    get_payment(payment_id=payment_id, by=request.user)

    def deed() -> str:
        reverse_payment(payment_id=payment_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The payment is taken back; what it settled is owed again."))
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


@login_required
@require_POST
def giro_return(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The bank did not pay a giro, or took its money back."""
    get_payment(payment_id=payment_id, by=request.user)
    day, fee = _day(request, "returned_on"), typed_fee(request)

    def deed() -> str:
        record_giro_return(
            payment_id=payment_id, reason=request.POST.get("reason", ""), returned_on=day, giro_fee=fee,
            by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(
            request,
            gettext("The giro is returned; what it settled is owed again.") if fee is None
            else gettext("The giro is returned; what it settled is owed again, and its fee is charged."),
        )  # fmt: skip
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


@login_required
@require_POST
def stamp(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    get_payment(payment_id=payment_id, by=request.user)

    def deed() -> str:
        stamp_payment(payment_id=payment_id, serial=request.POST.get("serial", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The e-meterai is noted."))
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


@login_required
@require_POST
def clearing(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    get_payment(payment_id=payment_id, by=request.user)
    day = _day(request, "cleared_on")

    def deed() -> str:
        clear_giro(payment_id=payment_id, cleared_on=day, by=request.user, at=clock.now())
        messages.success(request, gettext("The giro's money is on the bank account."))
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


@login_required
@require_POST
def allocation(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Settle an invoice with what is left; `release` takes a settlement back."""
    get_payment(payment_id=payment_id, by=request.user)
    try:
        invoice_id = UUID(request.POST.get("invoice", ""))
        text = request.POST.get("amount", "").strip()
        amount = formatting.parse_number(text) if text else None
        rates = {
            name.removeprefix("rate-"): formatting.parse_number(str(typed))
            for name, typed in request.POST.items()
            if name.startswith("rate-") and str(typed).strip()
        }
    except ValueError as error:
        raise Invalid(
            gettext("Choose an invoice, and write amount and rate as numbers, or none."), field="amount"
        ) from error
    if amount is not None and request.POST.get("release") == "1":
        amount = -amount

    def deed() -> str:
        allocate_advance(
            payment_id=payment_id, invoice_id=invoice_id, amount=amount, rates=rates, by=request.user, at=clock.now()
        )
        messages.success(request, gettext("Saved."))
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)

"""A request to pay through a gateway: how it stands, what the gateway said, and asking it again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.invoicing.queries.invoices import get_invoice
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.payments.queries.payment_requests import get_request
from niaga.payments.queries.qris import qris_for
from niaga.payments.services.ask_again import ask_again
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.retry_payment_request import retry_payment_request
from niaga.payments.web.pay_online import drawn, ways_of
from niaga.payments.web.request_words import REASONS, REQUESTS, WAYS
from niaga.ui.documents import TimelineEntry
from niaga.ui.forms import once

HAPPENED = {
    "ask": _("Asked for"), "pay": _("Paid"), "expire": _("Expired"), "decline": _("Failed"), "open": _("Can be paid"),
    "retry": _("Sent again"),
}  # fmt: skip
MOVING = ("queued", "sending", "pending", "uncertain")


@login_required
@require_GET
def show_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    one = get_request(request_id=request_id, by=request.user)
    access = access_of(request.user)
    may = access.reaches("payment", "record", one)
    context = {
        "one": one, "status": REQUESTS[one.status], "way": WAYS[one.method], "moving": one.status in MOVING,
        "reason": REASONS.get(one.reason, ""), "code": drawn(one.code) if one.code else "",
        "may_ask": may and one.status in ("pending", "uncertain", "expired", "failed"),
        "may_retry": may and one.status in ("uncertain", "failed") and not one.provider_id,
        "above": (_("Payment requests"), reverse("payments:payment_requests")),
    }  # fmt: skip
    if request.headers.get("HX-Request") == "true":
        return render(request, "payments/parts/request_state.html", context)
    context["timeline"] = [
        TimelineEntry(at=row.at, text=str(HAPPENED.get(row.verb, row.verb)), by=row.who or "", quote=row.note)
        for row in deeds_of(one.pk)
    ]
    return render(request, "payments/payment_request.html", context)


@login_required
def new_request(request: HttpRequest) -> HttpResponse:
    """Choose how the customer of an invoice is to pay; also the company's own QRIS code with its amount."""
    text = request.POST.get("invoice") or request.GET.get("invoice", "")
    try:
        invoice_id = UUID(text)
    except ValueError as error:
        raise NotFound() from error
    invoice: Any = get_invoice(invoice_id=invoice_id, by=request.user, today=clock.now().date())
    access_of(request.user).require("invoice", "send", invoice)
    if request.method == "POST":

        def deed() -> str:
            made = request_payment(
                invoice_id=invoice_id, method=request.POST.get("method", ""), bank=request.POST.get("bank", ""),
                by=request.user, at=clock.now(),
            )  # fmt: skip
            return reverse("payments:payment_request", args=[made.id])

        return once(request, deed)
    ways, tries = ways_of(invoice.company_id)
    qris = qris_for(company_id=invoice.company_id, currency=invoice.currency, amount=invoice.open)
    context = {
        "invoice": invoice, "ways": ways if invoice.currency == "IDR" and invoice.open else [], "tries": tries,
        "qris": drawn(qris.text()) if qris else "", "merchant": qris.merchant if qris else "",
        "above": (invoice.number, f"/invoices/{invoice.pk}"),
        "may_set_up": access_of(request.user).allows("setting", "manage"),
    }  # fmt: skip
    return render(request, "payments/new_request.html", context)


@login_required
@require_POST
def asking(request: HttpRequest, request_id: UUID) -> HttpResponse:
    get_request(request_id=request_id, by=request.user)

    def deed() -> str:
        ask_again(request_id=request_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The gateway is being asked."))
        return reverse("payments:payment_request", args=[request_id])

    return once(request, deed)


@login_required
@require_POST
def sending(request: HttpRequest, request_id: UUID) -> HttpResponse:
    get_request(request_id=request_id, by=request.user)

    def deed() -> str:
        retry_payment_request(request_id=request_id, by=request.user, at=clock.now())
        messages.success(request, gettext("It is sent again."))
        return reverse("payments:payment_request", args=[request_id])

    return once(request, deed)

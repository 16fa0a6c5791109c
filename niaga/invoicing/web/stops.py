"""What is said of an invoice by the customer: that they do not agree, or when they will pay."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.invoicing.queries.collection import dispute_for
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.settle_dispute import settle_dispute
from niaga.ui import formatting
from niaga.ui.forms import once


@login_required
@require_POST
def dispute(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    text = request.POST.get("amount", "").strip()
    try:
        amount = formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Write an amount, or leave it empty."), field="amount") from error

    def deed() -> str:
        raise_dispute(
            invoice_id=invoice_id, reason=request.POST.get("reason", ""), amount=amount,
            raised_by_name=request.POST.get("raised_by_name", "")[:120], by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Noted. Nobody reminds of it until the dispute is settled."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def settlement(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    found = dispute_for(dispute_id=dispute_id, by=request.user)

    def deed() -> str:
        settle_dispute(
            dispute_id=dispute_id, settlement=request.POST.get("settlement", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("The dispute is settled."))
        return reverse("invoicing:invoice", args=[found.invoice_id])

    return once(request, deed)


@login_required
@require_POST
def promise(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError as error:
        raise Invalid(gettext("Write a day."), field="until") from error

    def deed() -> str:
        promise_payment(
            invoice_ids=[invoice_id], until=until, promised_by_name=request.POST.get("promised_by_name", "")[:120],
            by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Noted. Nobody reminds of it before that day is over."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)

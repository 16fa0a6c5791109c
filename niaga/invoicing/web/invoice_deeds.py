"""What a person does on an invoice's page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.change_draft import change_draft
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.send_invoice import send_invoice
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.services.stamp_invoice import stamp_invoice
from niaga.ui import formatting
from niaga.ui.forms import once


@login_required
@require_POST
def issue(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        invoice = issue_invoice(invoice_id=invoice_id, by=request.user, at=clock.now())
        messages.success(request, gettext("Issued as %(number)s.") % {"number": invoice.number})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def edit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    version, term = request.POST.get("version", ""), request.POST.get("payment_term", "")
    try:
        term_id = UUID(term) if term else None
    except ValueError as error:
        raise Invalid(gettext("Choose one of the payment terms."), field="payment_term") from error

    def deed() -> str:
        change_draft(
            invoice_id=invoice_id, note=request.POST.get("note", ""), terms_text=request.POST.get("terms_text", ""),
            customer_reference=request.POST.get("customer_reference", ""), payment_term_id=term_id,
            version=int(version) if version.isdigit() else None, by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Saved."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def send(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    to = [one.strip() for one in request.POST.get("to", "").replace(";", ",").split(",") if one.strip()]

    def deed() -> str:
        send_invoice(
            invoice_id=invoice_id, to=to, message=request.POST.get("message", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("On its way to %(to)s.") % {"to": ", ".join(to)})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def stamp(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        stamp_invoice(invoice_id=invoice_id, serial=request.POST.get("serial", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The e-meterai is noted."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def link(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Make a link for the customer and show it once, to be copied."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    made: list[str] = []

    def deed() -> str:
        made.append(share_invoice(invoice_id=invoice_id, by=request.user, at=clock.now()))
        messages.success(request, gettext("The customer's link: %(url)s") % {"url": made[0]})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def allocation(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Use what is left of a credit note on an invoice; `release` takes it back. `invoice_id` is the credit note's."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    back = request.POST.get("back", "")
    try:
        target = UUID(request.POST.get("invoice", ""))
        text = request.POST.get("amount", "").strip()
        amount = formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Choose an invoice, and write an amount or none."), field="amount") from error
    if amount is not None and request.POST.get("release") == "1":
        amount = -amount

    def deed() -> str:
        allocate_credit(credit_note_id=invoice_id, invoice_id=target, amount=amount, by=request.user, at=clock.now())
        messages.success(request, gettext("Saved."))
        return reverse("invoicing:invoice", args=[target if back == "target" else invoice_id])

    return once(request, deed)

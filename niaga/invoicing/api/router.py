"""Invoices."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import PROBLEMS, Page, PageQuery, cursor_page
from niaga.core.clock import now, today
from niaga.core.errors import Invalid, NotFound
from niaga.invoicing.api import schemas
from niaga.invoicing.api.views import invoice_out
from niaga.invoicing.queries.invoices import visible_invoices, with_balance
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import access_of

router = Router(tags=["invoices"])


@router.get("/invoices", response={200: Page[schemas.InvoiceRow], **PROBLEMS})
def list_invoices(
    request: HttpRequest,
    page: Query[PageQuery],
    status: str | None = None,
    payment_state: str | None = None,
    customer_id: UUID | None = None,
) -> Any:
    """Invoices and credit notes you may see, the newest first."""
    access = access_of(request.user)
    rows = visible_invoices(by=request.user)
    if status:
        rows = rows.filter(status=status)
    if customer_id:
        rows = rows.filter(customer_id=customer_id)
    rows = with_balance(rows, today=today(at=now(), zone=access.current_company.zone))
    if payment_state:
        rows = rows.filter(Q(payment_state=payment_state))
    items, cursor = cursor_page(rows, order=("-created_at", "-id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/invoices/{invoice_id}", response={200: schemas.InvoiceOut, **PROBLEMS})
def read_invoice(request: HttpRequest, response: HttpResponse, invoice_id: UUID) -> Any:
    return invoice_out(response, invoice_id=invoice_id, by=request.user)


@router.post("/invoices/{invoice_id}/issuance", response={200: schemas.InvoiceOut, **PROBLEMS})
def post_issuance(request: HttpRequest, response: HttpResponse, invoice_id: UUID) -> Any:
    """Issue a draft: it gets its number and never changes again."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    issue_invoice(invoice_id=invoice_id, by=request.user, at=now())
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post("/invoices/{invoice_id}/allocations", response={200: schemas.InvoiceOut, **PROBLEMS})
def post_credit_allocation(
    request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.CreditAllocationIn
) -> Any:
    """Settle an invoice with this credit note, or take a settlement back. Answers the credit note."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    if not visible_invoices(by=request.user).filter(pk=body.invoice_id).exists():
        raise NotFound(field="invoice_id")
    if body.release and body.amount is None:
        raise Invalid(_("Say how much is taken back."), field="amount")
    amount = -body.amount if body.release and body.amount is not None else body.amount
    allocate_credit(
        credit_note_id=invoice_id, invoice_id=body.invoice_id, amount=amount, by=request.user, at=now()
    )  # fmt: skip
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))

"""Payments."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import PROBLEMS, Page, PageQuery, cursor_page
from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import access_of
from niaga.payments.api import schemas
from niaga.payments.queries.payments import get_payment, visible_payments
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment

router = Router(tags=["payments"])


@router.get("/payments", response={200: Page[schemas.PaymentOut], **PROBLEMS})
def list_payments(request: HttpRequest, page: Query[PageQuery], customer_id: UUID | None = None) -> Any:
    """Payments you may see, the newest first."""
    rows = visible_payments(by=request.user)
    if customer_id:
        rows = rows.filter(customer_id=customer_id)
    items, cursor = cursor_page(rows, order=("-date", "-id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.post("/payments", response={201: schemas.PaymentOut, **PROBLEMS})
def post_payment(request: HttpRequest, response: HttpResponse, body: schemas.PaymentIn) -> Any:
    """Record money that came in and settle invoices with it; what is above the debt becomes an advance."""
    access = access_of(request.user)
    settles = body.invoices
    if body.invoice_id is not None:
        if settles is not None:
            raise Invalid(_("Name invoices in one way."), field="invoices")
        settles = [schemas.Settles(invoice_id=body.invoice_id)]
    customer_id = body.customer_id
    if customer_id is None:
        if not settles:
            raise Invalid(_("Say who paid."), field="customer_id")
        first = visible_invoices(by=request.user).filter(pk=settles[0].invoice_id).first()
        if first is None:
            raise NotFound(field="invoices")
        customer_id = first.customer_id
    payment = record_payment(
        customer_id=customer_id, branch_id=body.branch_id or access.default_branch.id, by=request.user, at=now(),
        details=PaymentDetails(
            method=body.method, currency=body.currency or access.current_company.currency, amount=body.amount,
            reference=body.reference, bank_account_id=body.bank_account_id, giro_due_date=body.giro_due_date,
            giro_bank=body.giro_bank, note=body.note, paid_on=body.date,
        ),
        invoices=None if settles is None else [(one.invoice_id, one.amount) for one in settles],
    )  # fmt: skip
    response["Location"] = f"/api/v1/payments/{payment.id}"
    return Status(201, get_payment(payment_id=payment.id, by=request.user))


@router.get("/payments/{payment_id}", response={200: schemas.PaymentOut, **PROBLEMS})
def read_payment(request: HttpRequest, payment_id: UUID) -> Any:
    return get_payment(payment_id=payment_id, by=request.user)


@router.post("/payments/{payment_id}/reversal", response={200: schemas.PaymentOut, **PROBLEMS})
def post_reversal(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ReversalIn) -> Any:
    """Take a payment back: what it settled is owed again."""
    get_payment(payment_id=payment_id, by=request.user)
    reverse_payment(payment_id=payment_id, reason=body.reason, by=request.user, at=now())
    response["Location"] = f"/api/v1/payments/{payment_id}"
    return Status(200, get_payment(payment_id=payment_id, by=request.user))


@router.post("/payments/{payment_id}/allocations", response={200: schemas.PaymentOut, **PROBLEMS})
def post_allocation(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.AllocationIn) -> Any:
    """Settle an invoice with the customer's advance, or take a settlement back."""
    get_payment(payment_id=payment_id, by=request.user)
    if body.release and body.amount is None:
        raise Invalid(_("Say how much is taken back."), field="amount")
    amount = -body.amount if body.release and body.amount is not None else body.amount
    allocate_advance(payment_id=payment_id, invoice_id=body.invoice_id, amount=amount, by=request.user, at=now())
    response["Location"] = f"/api/v1/payments/{payment_id}"
    return Status(200, get_payment(payment_id=payment_id, by=request.user))


@router.post("/payments/{payment_id}/clearing", response={200: schemas.PaymentOut, **PROBLEMS})
def post_clearing(
    request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ClearingIn | None = None
) -> Any:
    """Record that the bank paid a giro."""
    get_payment(payment_id=payment_id, by=request.user)
    clear_giro(payment_id=payment_id, cleared_on=body.date if body else None, by=request.user, at=now())
    response["Location"] = f"/api/v1/payments/{payment_id}"
    return Status(200, get_payment(payment_id=payment_id, by=request.user))

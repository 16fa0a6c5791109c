"""Payments."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import Page, etag, page_of
from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor, access_of
from niaga.payments.api import schemas
from niaga.payments.models import Payment
from niaga.payments.queries.payments import get_payment, visible_payments
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment

router = Router(tags=["payments"])


def _answer(response: HttpResponse, payment_id: UUID, by: Actor) -> Payment:
    """:raises NotFound: none, or none that `by` may see"""
    payment = get_payment(payment_id=payment_id, by=by)
    response["ETag"] = etag(payment.version)
    response["Location"] = f"/api/v1/payments/{payment_id}"
    return payment


@router.get("/payments", response=Page[schemas.PaymentOut], summary="List payments")
def list_payments(request: HttpRequest, query: Query[schemas.PaymentQuery]) -> Any:
    """Payments you may see, the newest first."""
    access_of(request.user).require("payment", "view")
    asked = query.dict(include={"customer_id", "branch_id", "method", "status"}) | {
        "number__istartswith": query.number, "date__gte": query.since, "date__lte": query.until,
    }  # fmt: skip
    rows = visible_payments(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.post("/payments", response={201: schemas.PaymentOut}, summary="Record a payment")
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
    return Status(201, _answer(response, payment.id, request.user))


@router.get("/payments/{payment_id}", response=schemas.PaymentOut, summary="Show a payment")
def read_payment(request: HttpRequest, response: HttpResponse, payment_id: UUID) -> Any:
    return _answer(response, payment_id, request.user)


@router.post("/payments/{payment_id}/reversal", response=schemas.PaymentOut, summary="Reverse a payment")
def post_reversal(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ReversalIn) -> Any:
    """Take a payment back: what it settled is owed again."""
    get_payment(payment_id=payment_id, by=request.user)
    reverse_payment(payment_id=payment_id, reason=body.reason, by=request.user, at=now())
    return Status(200, _answer(response, payment_id, request.user))


@router.post(
    "/payments/{payment_id}/allocations",
    response=schemas.PaymentOut,
    summary="Settle with an advance",
)
def post_allocation(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.AllocationIn) -> Any:
    """Settle an invoice with the customer's advance, or take a settlement back."""
    get_payment(payment_id=payment_id, by=request.user)
    if body.release and body.amount is None:
        raise Invalid(_("Say how much is taken back."), field="amount")
    amount = -body.amount if body.release and body.amount is not None else body.amount
    allocate_advance(payment_id=payment_id, invoice_id=body.invoice_id, amount=amount, by=request.user, at=now())
    return Status(200, _answer(response, payment_id, request.user))


@router.post("/payments/{payment_id}/clearing", response=schemas.PaymentOut, summary="Clear a giro")
def post_clearing(
    request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ClearingIn | None = None
) -> Any:
    """Record that the bank paid a giro."""
    get_payment(payment_id=payment_id, by=request.user)
    clear_giro(payment_id=payment_id, cleared_on=body.date if body else None, by=request.user, at=now())
    return Status(200, _answer(response, payment_id, request.user))

"""Payments."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import Page, etag, page_of
from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.documents.api.stamps import StampIn
from niaga.invoicing.queries.allocations import allocations_of_sources
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor, access_of
from niaga.payments.api import bank, schemas
from niaga.payments.api.gateways import router as gateways
from niaga.payments.api.giro_fees import router as giro_fees
from niaga.payments.api.refunds import router as refunds
from niaga.payments.errors import GiroNotReturned
from niaga.payments.models import Payment
from niaga.payments.queries.giro_fees import giro_fees as giro_fees_of
from niaga.payments.queries.payments import get_payment, stamped_payments
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.stamp_payment import stamp_payment

router = Router(tags=["payments"])
router.add_router("", bank.router)
router.add_router("", gateways)
router.add_router("", giro_fees)
router.add_router("", refunds)


def _answer(response: HttpResponse, payment_id: UUID, by: Actor) -> Payment:
    """:raises NotFound: none, or none that `by` may see"""
    payment: Any = get_payment(payment_id=payment_id, by=by)
    payment.settles = [
        {**row, "amount": row["sum"], "exchange_rate": row["rate"]} for row in allocations_of_sources([payment_id])
    ]
    payment.giro_fee = (
        giro_fees_of(by=by).filter(reversal__payment_id=payment_id).first() if payment.status == "reversed" else None
    )
    response["ETag"] = etag(payment.version)
    response["Location"] = f"/api/v1/payments/{payment_id}"
    found: Payment = payment
    return found


@router.get("/payments", response=Page[schemas.PaymentOut], summary="List payments")
def list_payments(request: HttpRequest, query: Query[schemas.PaymentQuery]) -> Any:
    """Payments you may see, the newest first."""
    access_of(request.user).require("payment", "view")
    asked = query.dict(include={"customer_id", "branch_id", "method", "status"}) | {
        "number__istartswith": query.number, "date__gte": query.since, "date__lte": query.until,
    }  # fmt: skip
    if query.stamp_state:
        asked["stamp_state"] = query.stamp_state
    rows = stamped_payments(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.post("/payments", response={201: schemas.WholePaymentOut}, summary="Record a payment")
def post_payment(request: HttpRequest, response: HttpResponse, body: schemas.PaymentIn) -> Any:
    """Record money that came in and settle invoices with it; what is above the debt becomes an advance."""
    access = access_of(request.user)
    settles = body.invoices
    if body.invoice_id is not None:
        if settles is not None:
            raise Invalid(_("Name invoices in one way."), field="invoices")
        settles = [schemas.Settles(invoice_id=body.invoice_id)]
    customer_id, currency = body.customer_id, body.currency
    if customer_id is None and not settles:
        raise Invalid(_("Say who paid."), field="customer_id")
    if settles and (customer_id is None or currency is None):
        seen = visible_invoices(by=request.user).filter(pk__in=[one.invoice_id for one in settles])
        owed = {key: (owner, code) for key, owner, code in seen.values_list("id", "customer_id", "currency")}
        if settles[0].invoice_id not in owed:
            raise NotFound(field="invoices")
        customer_id = customer_id or owed[settles[0].invoice_id][0]
        codes = {code for _owner, code in owed.values()}
        if currency is None and len(codes) > 1:
            raise Invalid(_("Say in which currency the money came."), field="currency")
        currency = currency or codes.pop()
    assert customer_id is not None
    payment = record_payment(
        customer_id=customer_id, branch_id=body.branch_id or access.default_branch.id, by=request.user, at=now(),
        details=PaymentDetails(
            method=body.method, currency=currency or access.current_company.currency, amount=body.amount,
            reference=body.reference, bank_account_id=body.bank_account_id, giro_due_date=body.giro_due_date,
            giro_bank=body.giro_bank, note=body.note, paid_on=body.date,
            rates=body.rates,
        ),
        invoices=None if settles is None else [(one.invoice_id, one.amount) for one in settles],
    )  # fmt: skip
    return Status(201, _answer(response, payment.id, request.user))


@router.get("/payments/{payment_id}", response=schemas.WholePaymentOut, summary="Show a payment")
def read_payment(request: HttpRequest, response: HttpResponse, payment_id: UUID) -> Any:
    return _answer(response, payment_id, request.user)


@router.post("/payments/{payment_id}/reversal", response=schemas.WholePaymentOut, summary="Reverse a payment")
def post_reversal(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ReversalIn) -> Any:
    """Take a payment back: what it settled is owed again. A giro that the bank returned is `bounced`; its customer is
    charged `giro_fee` in the same deed, where it is said."""
    get_payment(payment_id=payment_id, by=request.user)
    if body.giro_fee is not None and not body.bounced:
        raise GiroNotReturned(field="giro_fee")
    if body.bounced:
        record_giro_return(
            payment_id=payment_id, reason=body.reason, returned_on=body.returned_on, giro_fee=body.giro_fee,
            by=request.user, at=now(),
        )  # fmt: skip
    else:
        reverse_payment(
            payment_id=payment_id, reason=body.reason, returned_on=body.returned_on, by=request.user, at=now()
        )  # fmt: skip
    return Status(200, _answer(response, payment_id, request.user))


@router.post(
    "/payments/{payment_id}/allocations",
    response=schemas.WholePaymentOut,
    summary="Settle with an advance",
)
def post_allocation(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.AllocationIn) -> Any:
    """Settle an invoice with the customer's advance, or take a settlement back."""
    get_payment(payment_id=payment_id, by=request.user)
    if body.release and body.amount is None:
        raise Invalid(_("Say how much is taken back."), field="amount")
    amount = -body.amount if body.release and body.amount is not None else body.amount
    allocate_advance(
        payment_id=payment_id, invoice_id=body.invoice_id, amount=amount, rates=body.rates, by=request.user, at=now()
    )
    return Status(200, _answer(response, payment_id, request.user))


@router.post("/payments/{payment_id}/clearing", response=schemas.WholePaymentOut, summary="Clear a giro")
def post_clearing(
    request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.ClearingIn | None = None
) -> Any:
    """Record that the bank paid a giro."""
    get_payment(payment_id=payment_id, by=request.user)
    clear_giro(payment_id=payment_id, cleared_on=body.date if body else None, by=request.user, at=now())
    return Status(200, _answer(response, payment_id, request.user))


@router.post("/payments/{payment_id}/stamp", response=schemas.WholePaymentOut, summary="Note a receipt's e-meterai")
def post_stamp(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: StampIn) -> Any:
    """Note the serial number of the e-meterai that was put on the receipt; once more puts it right."""
    get_payment(payment_id=payment_id, by=request.user)
    stamp_payment(payment_id=payment_id, serial=body.serial, by=request.user, at=now())
    return Status(200, _answer(response, payment_id, request.user))

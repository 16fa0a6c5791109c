"""Refunds."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, etag, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.invoicing.queries.allocations import credit_left
from niaga.organization.access import Actor, access_of
from niaga.payments.api import gateway_schemas as schemas
from niaga.payments.models import Refund
from niaga.payments.queries.payments import get_payment
from niaga.payments.queries.refunds import get_refund, visible_refunds
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.settle_refund_by_hand import settle_refund_by_hand

router = Router(tags=["payments"])


def _answer(response: HttpResponse, refund_id: UUID, by: Actor) -> Refund:
    found = get_refund(refund_id=refund_id, by=by)
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/refunds/{refund_id}"
    return found


@router.get("/refunds", response=Page[schemas.RefundOut], summary="List refunds")
def list_refunds(request: HttpRequest, query: Query[schemas.RefundQuery]) -> Any:
    """Refunds you may see, the newest first."""
    access_of(request.user).require("payment", "view")
    asked = {"payment_id": query.payment_id, "customer_id": query.customer_id, "status": query.status}
    rows = visible_refunds(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/refunds/{refund_id}", response=schemas.RefundOut, summary="Show a refund")
def read_refund(request: HttpRequest, response: HttpResponse, refund_id: UUID) -> Any:
    return _answer(response, refund_id, request.user)


@router.post("/payments/{payment_id}/refunds", response={201: schemas.RefundOut}, summary="Refund a payment")
def post_refund(request: HttpRequest, response: HttpResponse, payment_id: UUID, body: schemas.RefundIn) -> Any:
    """Give a payment back, wholly or in part. What settled an invoice is owed again. Through the gateway it is `queued`
    and done when the gateway says so; if it refuses, the money is the customer's advance again."""
    get_payment(payment_id=payment_id, by=request.user)
    details = RefundDetails(**body.dict())
    made = refund_payment(payment_id=payment_id, details=details, by=request.user, at=now())
    return Status(201, _answer(response, made.id, request.user))


@router.post(
    "/credit-notes/{credit_note_id}/refunds", response={201: list[schemas.RefundOut]}, summary="Pay out a credit note"
)
def post_credit_refund(request: HttpRequest, credit_note_id: UUID, body: schemas.PayOutIn) -> Any:
    """Give back in money what a credit note has left, out of the payments of the invoice it corrects: the newest first,
    never more than each settles there. Answers a refund for each payment."""
    note = credit_left(credit_note_id)
    if note is None or not access_of(request.user).reaches("invoice", "view", note):
        raise NotFound()
    details = PayOut(**body.dict())
    made = pay_out_credit(credit_note_id=credit_note_id, details=details, by=request.user, at=now())
    return Status(201, [get_refund(refund_id=one.id, by=request.user) for one in made])


@router.post("/refunds/{refund_id}/settlement", response=schemas.RefundOut, summary="Say what became of a refund")
def post_refund_settlement(
    request: HttpRequest, response: HttpResponse, refund_id: UUID, body: schemas.RefundSettlementIn
) -> Any:
    """A person saw at the gateway whether an uncertain refund went back."""
    get_refund(refund_id=refund_id, by=request.user)
    settle_refund_by_hand(refund_id=refund_id, by=request.user, at=now(), **body.dict())
    return Status(200, _answer(response, refund_id, request.user))

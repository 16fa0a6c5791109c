"""Returns, from asking to settling."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.returns.api import schemas
from niaga.returns.api.answers import answer
from niaga.returns.api.settings import router as settings
from niaga.returns.api.supplier_side import router as supplier_side
from niaga.returns.api.without_document import router as without_document
from niaga.returns.queries.returns import see_return, visible_returns
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.cancel_return import cancel_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.reject_return import reject_return
from niaga.returns.services.request_return import request_return
from niaga.returns.services.send_return_slip import send_return_slip
from niaga.returns.services.settle_return import settle_return
from niaga.sales.queries.documents import get_order

router = Router(tags=["returns"])
router.add_router("", settings)
router.add_router("", without_document)
router.add_router("", supplier_side)


@router.get("/returns", response=Page[schemas.ReturnRow], summary="List returns")
def list_returns(request: HttpRequest, query: Query[schemas.ReturnQuery]) -> Any:
    """Returns you may see, the newest first."""
    access_of(request.user).require("return", "view")
    rows = visible_returns(by=request.user)
    for name in ("status", "customer_id", "order_id"):
        if (value := getattr(query, name)) is not None:
            rows = rows.filter(**{name: value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.post("/returns", response={201: schemas.ReturnOut}, summary="Ask for a return")
def post_return(request: HttpRequest, response: HttpResponse, body: schemas.ReturnIn) -> Any:
    """Ask that goods of an order come back, or (a claim) a part of their price. The policy says of each line whether it
    fits; somebody authorizes it."""
    get_order(order_id=body.order_id, by=request.user)
    items = [
        ReturnItem(
            one.order_line_id, one.reason_id, one.quantity or Decimal(0), one.part_id, one.condition, one.percent,
            one.note,
        )
        for one in body.lines
    ]  # fmt: skip
    rma = request_return(
        order_id=body.order_id, items=items, kind=body.kind, wish=body.wish, source="api", asked_by=body.asked_by,
        note=body.note, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, answer(request, response, rma.id))


@router.get("/returns/{return_id}", response=schemas.ReturnOut, summary="Show a return")
def read_return(request: HttpRequest, response: HttpResponse, return_id: UUID) -> Any:
    return answer(request, response, return_id)


@router.post("/returns/{return_id}/authorization", response=schemas.ReturnOut, summary="Authorize a return")
def post_authorization(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.AuthorizationIn | None = None
) -> Any:
    """It gets its number, and the goods may come."""
    see_return(return_id=return_id, by=request.user)
    authorize_return(
        return_id=return_id, note=body.note if body else "", supplier_id=body.supplier_id if body else None,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/slip", response=schemas.ReturnOut, summary="Mail the slip of a return")
def post_return_slip(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.SlipIn | None = None
) -> Any:
    """The PDF itself: `GET /papers/return/{id}`."""
    see_return(return_id=return_id, by=request.user)
    send_return_slip(return_id=return_id, to=body.to if body else (), by=request.user, at=now())
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/rejection", response=schemas.ReturnOut, summary="Reject a return")
def post_return_rejection(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.ReturnReasonIn
) -> Any:
    see_return(return_id=return_id, by=request.user)
    reject_return(return_id=return_id, reason=body.reason, by=request.user, at=now())
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/cancellation", response=schemas.ReturnOut, summary="Cancel a return")
def post_return_cancellation(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.ReturnReasonIn
) -> Any:
    """Nothing comes back after all; not once goods came."""
    see_return(return_id=return_id, by=request.user)
    cancel_return(return_id=return_id, reason=body.reason, by=request.user, at=now())
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/receipts", response=schemas.ReturnOut, summary="Receive returned goods")
def post_return_receipt(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.ReturnReceiptIn
) -> Any:
    """On hand at the cost they left with, and held until they are inspected. More than announced is refused."""
    see_return(return_id=return_id, by=request.user)
    receive_return(
        return_id=return_id, quantities={one.line_id: one.quantity for one in body.lines}, is_last=body.is_last,
        lots={one.line_id: one.lot for one in body.lines}, note=body.note,
        unannounced=body.unannounced, by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/inspections", response=schemas.ReturnOut, summary="Inspect returned goods")
def post_inspection(request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.InspectionIn) -> Any:
    """Say what becomes of so much of each line."""
    see_return(return_id=return_id, by=request.user)
    findings = [Finding(one.line_id, one.outcome, one.quantity, one.note) for one in body.lines]
    inspect_return(
        return_id=return_id, findings=findings, from_refurbishing=body.from_refurbishing,
        supplier_id=body.supplier_id, by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/settlement", response=schemas.ReturnOut, summary="Settle a return")
def post_return_settlement(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.ReturnSettlementIn | None = None
) -> Any:
    """Credit notes are issued at once, exactly as the goods were sold; they settle what is open of their invoices."""
    see_return(return_id=return_id, by=request.user)
    settle_return(return_id=return_id, **(body.dict() if body else {}), by=request.user, at=now())
    return Status(200, answer(request, response, return_id))

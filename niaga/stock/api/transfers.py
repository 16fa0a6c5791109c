"""Transfers from one warehouse to another."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import schemas
from niaga.stock.api import transfer_schemas as shapes
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.queries.transfers import visible_transfers
from niaga.stock.services.bring_back_transfer import bring_back_transfer
from niaga.stock.services.cancel_transfer import cancel_transfer
from niaga.stock.services.draft_transfer import draft_transfer
from niaga.stock.services.postpone_transfer import postpone_transfer
from niaga.stock.services.receive_transfer import receive_transfer
from niaga.stock.services.ship_transfer import ship_transfer
from niaga.stock.services.transfer_stock import transfer_stock

router = Router(tags=["stock"])


def _found(response: HttpResponse, transfer_id: UUID, by: Actor) -> Transfer:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_transfers(by=by).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    found.__dict__["line_rows"] = list(TransferLine.objects.filter(transfer_id=found.id).order_by("position"))
    response["Location"] = f"/api/v1/stock/transfers/{found.id}"
    return found


@router.get("/stock/transfers", response=Page[shapes.TransferRow], summary="List stock transfers")
def list_transfers(request: HttpRequest, query: Query[schemas.MovedQuery]) -> Any:
    """Transfers, the newest first; `warehouse_id` is either end."""
    access_of(request.user).require("stock", "view")
    rows = visible_transfers(by=request.user)
    if query.warehouse_id:
        rows = rows.filter(Q(source_id=query.warehouse_id) | Q(target_id=query.warehouse_id))
    rows = query.narrowed(rows, words=("number", "note"), time="moved_at", warehouse="")
    return page_of(rows, order=("-moved_at", "-id"), query=query)


@router.post("/stock/transfers", response={201: shapes.TransferOut}, summary="Transfer stock")
def post_transfer(request: HttpRequest, response: HttpResponse, body: shapes.TransferIn) -> Any:
    """Move free goods from one warehouse to another: at once, or with `expected_date` drawn up to be sent."""
    facts: dict[str, Any] = {
        "source_id": body.source_id, "target_id": body.target_id, "note": body.note, "by": request.user, "at": now(),
        "items": [schemas.item_of(line) for line in body.lines],
    }  # fmt: skip
    if body.expected_date is None:
        done = transfer_stock(**facts)
    else:
        done = draft_transfer(expected_date=body.expected_date, carrier=body.carrier, **facts)
    return Status(201, _found(response, done.id, request.user))


@router.get("/stock/transfers/{transfer_id}", response=shapes.TransferOut, summary="Show a stock transfer")
def read_transfer(request: HttpRequest, response: HttpResponse, transfer_id: UUID) -> Any:
    return _found(response, transfer_id, request.user)


@router.post("/stock/transfers/{transfer_id}/shipment", response=shapes.TransferOut, summary="Send a transfer off")
def post_shipment(request: HttpRequest, response: HttpResponse, transfer_id: UUID) -> Any:
    """The goods leave the first warehouse, and are coming in the second."""
    _found(response, transfer_id, request.user)
    ship_transfer(transfer_id=transfer_id, by=request.user, at=now())
    return _found(response, transfer_id, request.user)


@router.post("/stock/transfers/{transfer_id}/reception", response=shapes.TransferOut, summary="Receive a transfer")
def post_reception(
    request: HttpRequest, response: HttpResponse, transfer_id: UUID, body: shapes.TransferReceptionIn
) -> Any:
    """Count in what came. The rest stays on its way, unless `is_last`."""
    _found(response, transfer_id, request.user)
    quantities = None if body.lines is None else {line.line_id: line.quantity for line in body.lines}
    receive_transfer(
        transfer_id=transfer_id, quantities=quantities, is_last=body.is_last, reason=body.reason, by=request.user,
        at=now(),
    )  # fmt: skip
    return _found(response, transfer_id, request.user)


@router.post("/stock/transfers/{transfer_id}/bringing-back", response=shapes.TransferOut, summary="Bring it back")
def post_bringing_back(
    request: HttpRequest, response: HttpResponse, transfer_id: UUID, body: shapes.TransferBackIn
) -> Any:
    """What is on its way is on hand again in the warehouse that sent it."""
    _found(response, transfer_id, request.user)
    bring_back_transfer(transfer_id=transfer_id, reason=body.reason, by=request.user, at=now())
    return _found(response, transfer_id, request.user)


@router.post("/stock/transfers/{transfer_id}/cancellation", response=shapes.TransferOut, summary="Cancel a transfer")
def post_cancellation(request: HttpRequest, response: HttpResponse, transfer_id: UUID) -> Any:
    """Call it off before the goods leave."""
    _found(response, transfer_id, request.user)
    cancel_transfer(transfer_id=transfer_id, by=request.user, at=now())
    return _found(response, transfer_id, request.user)


@router.post("/stock/transfers/{transfer_id}/postponement", response=shapes.TransferOut, summary="Postpone a transfer")
def post_postponement(
    request: HttpRequest, response: HttpResponse, transfer_id: UUID, body: shapes.TransferDayIn
) -> Any:
    """Expect it on another day; orders that were promised of it are promised anew."""
    _found(response, transfer_id, request.user)
    postpone_transfer(
        transfer_id=transfer_id, expected_date=body.expected_date, reason=body.reason, by=request.user, at=now()
    )
    return _found(response, transfer_id, request.user)

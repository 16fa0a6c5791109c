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
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.queries.transfers import visible_transfers
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


@router.get("/stock/transfers", response=Page[schemas.TransferRow], summary="List stock transfers")
def list_transfers(request: HttpRequest, query: Query[schemas.MovedQuery]) -> Any:
    """Transfers, the newest first; `warehouse_id` is either end."""
    access_of(request.user).require("stock", "view")
    rows = visible_transfers(by=request.user)
    if query.warehouse_id:
        rows = rows.filter(Q(source_id=query.warehouse_id) | Q(target_id=query.warehouse_id))
    rows = query.narrowed(rows, words=("number", "note"), time="moved_at", warehouse="")
    return page_of(rows, order=("-moved_at", "-id"), query=query)


@router.post("/stock/transfers", response={201: schemas.TransferOut}, summary="Transfer stock")
def post_transfer(request: HttpRequest, response: HttpResponse, body: schemas.TransferIn) -> Any:
    """Move free goods from one warehouse to another, at once."""
    done = transfer_stock(
        source_id=body.source_id, target_id=body.target_id, items=[schemas.item_of(line) for line in body.lines],
        note=body.note, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _found(response, done.id, request.user))


@router.get("/stock/transfers/{transfer_id}", response=schemas.TransferOut, summary="Show a stock transfer")
def read_transfer(request: HttpRequest, response: HttpResponse, transfer_id: UUID) -> Any:
    return _found(response, transfer_id, request.user)

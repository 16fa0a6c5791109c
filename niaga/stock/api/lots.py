"""Lots: what there is of each, where it came from and went, and which leave with a delivery."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Number, Page, PageQuery, named_once, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.stock.api.schedule_schemas import TakenLot
from niaga.stock.api.schemas import LotIn
from niaga.stock.models import Lot
from niaga.stock.queries.deliveries import get_delivery, lots_of_delivery
from niaga.stock.queries.lots import get_lot, trace_of, visible_lots
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.choose_lots import choose_lots
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.stop_lots import stop_lots

router = Router(tags=["lots"])


class LotQuery(PageQuery):
    """`expires_until`: whose day has come by then."""

    product_id: UUID | None = None
    number: str = Field("", max_length=40)
    expires_until: date | None = None
    is_blocked: bool | None = None


class LotRow(Schema):
    """`on_hand` in base units, where you may see stock. `is_barred`: it is promised to nobody."""

    id: UUID
    product_id: UUID
    number: str
    expires_on: date
    made_on: date | None
    is_barred: bool
    blocked_at: datetime | None
    block_reason: str
    on_hand: Number

    @staticmethod
    def resolve_on_hand(lot: Any) -> Decimal:
        return lot.on_hand or Decimal(0)


class LotMoveOut(Schema):
    """What came, or with a minus went, with a document; `party` is who brought or got it."""

    at: datetime
    reason: str
    source_kind: str
    source_id: UUID
    number: str
    party: str
    customer_id: UUID | None
    quantity: Number


class LotOut(LotRow):
    moves: list[LotMoveOut] = Field(validation_alias="move_rows")


class LotReason(Schema):
    reason: str = Field(min_length=1, max_length=200)


class WarehouseLots(Schema):
    """The lots of all that is on hand in a warehouse, in base units."""

    warehouse_id: UUID
    lots: list[LotIn] = Field(min_length=1, max_length=2_000)


class LotsIn(Schema):
    warehouses: list[WarehouseLots] = Field(default_factory=list, max_length=500)

    each_once = named_once("warehouses", "warehouse_id")


class ByLotOut(Schema):
    product_id: UUID
    by_lot: bool


class LineLots(Schema):
    line_id: UUID
    lots: list[TakenLot] = Field(min_length=1, max_length=500)


class DeliveryLotsIn(Schema):
    """Others than those that expire first need a `reason`."""

    lines: list[LineLots] = Field(min_length=1, max_length=1_000)
    reason: str = Field("", max_length=200)

    each_once = named_once("lines", "line_id")


class DeliveryLotOut(Schema):
    line_id: UUID
    product_id: UUID
    number: str
    expires_on: date
    quantity: Number


def _lot(request: HttpRequest, lot_id: UUID) -> Lot:
    found = get_lot(lot_id=lot_id, by=request.user)
    found.__dict__["move_rows"] = trace_of(lot_id=found.id, by=request.user)
    return found


@router.get("/stock/lots", response=Page[LotRow], summary="List lots")
def list_lots(request: HttpRequest, query: Query[LotQuery]) -> Any:
    """Lots, the first to expire first."""
    rows = visible_lots(by=request.user)
    if query.product_id:
        rows = rows.filter(product_id=query.product_id)
    if query.number:
        rows = rows.filter(number__iexact=query.number)
    if query.expires_until:
        rows = rows.filter(expires_on__lte=query.expires_until)
    if query.is_blocked is not None:
        rows = rows.filter(blocked_at__isnull=not query.is_blocked)
    return page_of(rows, order=("expires_on", "id"), query=query)


@router.get("/stock/lots/{lot_id}", response=LotOut, summary="Show a lot")
def read_lot(request: HttpRequest, lot_id: UUID) -> Any:
    """With every document that moved some of it: who brought it, and which customers got it."""
    return _lot(request, lot_id)


@router.post("/stock/lots/{lot_id}/block", response=LotOut, summary="Block a lot")
def post_block(request: HttpRequest, lot_id: UUID, body: LotReason) -> Any:
    """Nobody is promised any more of it, and none of it leaves."""
    get_lot(lot_id=lot_id, by=request.user)
    block_lot(lot_id=lot_id, reason=body.reason, by=request.user, at=now())
    return Status(200, _lot(request, lot_id))


@router.post("/stock/lots/{lot_id}/release", response=LotOut, summary="Let a blocked lot go")
def post_release(request: HttpRequest, lot_id: UUID, body: LotReason) -> Any:
    """It is sold again, unless its day has come."""
    get_lot(lot_id=lot_id, by=request.user)
    block_lot(lot_id=lot_id, reason=body.reason, is_block=False, by=request.user, at=now())
    return Status(200, _lot(request, lot_id))


@router.put("/products/{product_id}/lots", response=ByLotOut, summary="Keep a product by lot")
def put_lots(request: HttpRequest, product_id: UUID, body: LotsIn) -> Any:
    """From now on its goods are told apart. Name the lots of everything that is on hand."""
    lots = {one.warehouse_id: [LotGiven(**lot.dict()) for lot in one.lots] for one in body.warehouses}
    start_lots(product_id=product_id, lots=lots, by=request.user, at=now())
    return {"product_id": product_id, "by_lot": True}


@router.delete("/products/{product_id}/lots", response=ByLotOut, summary="Stop keeping a product by lot")
def delete_lots(request: HttpRequest, product_id: UUID) -> Any:
    """Only while there is none of it."""
    stop_lots(product_id=product_id, by=request.user, at=now())
    return {"product_id": product_id, "by_lot": False}


def _lots(request: HttpRequest, delivery_id: UUID) -> list[dict[str, Any]]:
    get_delivery(delivery_id=delivery_id, by=request.user)
    lots = lots_of_delivery(delivery_id=delivery_id)
    return [{"line_id": line_id, **lot._asdict()} for line_id, rows in lots.items() for lot in rows]


@router.get("/deliveries/{delivery_id}/lots", response=list[DeliveryLotOut], summary="List the lots of a delivery")
def list_delivery_lots(request: HttpRequest, delivery_id: UUID) -> Any:
    """Those that left, or are to be fetched."""
    access_of(request.user).require("delivery", "view")
    return _lots(request, delivery_id)


@router.put("/deliveries/{delivery_id}/lots", response=list[DeliveryLotOut], summary="Choose the lots of a delivery")
def put_delivery_lots(request: HttpRequest, delivery_id: UUID, body: DeliveryLotsIn) -> Any:
    """Without a choice what expires first leaves first."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    lots = {line.line_id: [(lot.number, lot.quantity) for lot in line.lots] for line in body.lines}
    choose_lots(delivery_id=delivery_id, lots=lots, reason=body.reason, by=request.user, at=now())
    return _lots(request, delivery_id)

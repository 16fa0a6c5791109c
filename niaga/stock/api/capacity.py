"""How much can leave a warehouse on a day."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from niaga.core.api import WallTime, named_once
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.queries.capacity import capacity_row, own_days
from niaga.stock.queries.warehouses import all_warehouses, visible_warehouses
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.services.save_capacity import MOST, MOST_DAYS, MOST_LEAD, CapacityInput, save_capacity

router = Router(tags=["stock"])
Limit = Annotated[int, Field(ge=0, le=MOST)]


class CapacityDayShape(Schema):
    date: date
    is_closed: bool = True
    limit: Limit | None = None
    weight_limit: Limit | None = Field(None, description="Kilograms; null: as on its weekday.")
    volume_limit: Limit | None = Field(None, description="Cubic metres; null: as on its weekday.")
    reason: str = Field("", max_length=120)


class CapacityShape(Schema):
    """`open_days` are weekdays, 0: Monday; `limits` are by weekday from Monday on, null: whatever comes."""

    is_active: bool = True
    measure: Literal["orders", "lines"] = "orders"
    open_days: list[Annotated[int, Field(ge=0, le=6)]] = Field([0, 1, 2, 3, 4, 5], min_length=1, max_length=7)
    limits: list[Limit | None] = Field([None] * 7, min_length=7, max_length=7)
    weight_limits: list[Limit | None] = Field(
        [None] * 7, min_length=7, max_length=7, description="Kilograms, beside `limits`."
    )
    volume_limits: list[Limit | None] = Field([None] * 7, min_length=7, max_length=7, description="Cubic metres.")
    rests_on_holidays: bool = True
    lead_days: int = Field(0, ge=0, le=MOST_LEAD, description="Open days between an order and its leaving.")
    cut_off: WallTime | None = Field(None, description="From this hour of the branch on an order is of the next day.")
    days: list[CapacityDayShape] = Field([], max_length=MOST_DAYS)

    each_once = named_once("days", "date")


def _answer(warehouse_id: UUID) -> CapacityShape:
    row = capacity_row(warehouse_id=warehouse_id)
    if row is None:
        return CapacityShape(
            is_active=False, open_days=list(range(6)), limits=[None] * 7, weight_limits=[None] * 7,
            volume_limits=[None] * 7, lead_days=0, cut_off=None, days=[],
        )  # fmt: skip
    days = [
        CapacityDayShape(
            date=one.date,
            is_closed=one.is_closed,
            limit=one.limit,
            reason=one.reason,
            weight_limit=one.weight_limit,
            volume_limit=one.volume_limit,
        )
        for one in own_days(warehouse_id=warehouse_id)
    ]
    measure: Literal["orders", "lines"] = "lines" if row.measure == "lines" else "orders"
    return CapacityShape(
        is_active=row.is_active, measure=measure, open_days=row.open_days, limits=row.limits,
        weight_limits=row.weight_limits, volume_limits=row.volume_limits,
        rests_on_holidays=row.rests_on_holidays, lead_days=row.lead_days, cut_off=row.cut_off, days=days,
    )  # fmt: skip


@router.get("/warehouses/{warehouse_id}/capacity", response=CapacityShape, summary="Show a warehouse's capacity")
def read_capacity(request: HttpRequest, warehouse_id: UUID) -> Any:
    access_of(request.user).require("stock", "view")
    if not visible_warehouses(by=request.user).filter(pk=warehouse_id).exists():
        raise NotFound()
    return _answer(warehouse_id)


@router.put("/warehouses/{warehouse_id}/capacity", response=CapacityShape, summary="Set a warehouse's capacity")
def put_capacity(request: HttpRequest, warehouse_id: UUID, body: CapacityShape) -> Any:
    """What is planned already stays where it is."""
    access_of(request.user).require("setting", "manage")
    if not all_warehouses(by=request.user).filter(pk=warehouse_id).exists():
        raise NotFound()
    days = {
        one.date: OwnDay(one.is_closed, one.limit, one.reason, one.weight_limit, one.volume_limit) for one in body.days
    }
    given = CapacityInput(
        body.is_active, body.measure, body.open_days, body.limits, body.rests_on_holidays, days,
        body.lead_days, body.cut_off.replace(tzinfo=None) if body.cut_off else None,
        body.weight_limits, body.volume_limits,
    )  # fmt: skip
    save_capacity(warehouse_id=warehouse_id, given=given, by=request.user, at=now())
    return _answer(warehouse_id)

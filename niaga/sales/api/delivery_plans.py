"""A day of deliveries, planned by one call."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from niaga.core.api import expected_version
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.sales.api.answers import order_answer
from niaga.sales.api.schemas import OrderOut
from niaga.sales.queries.documents import get_order
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.stock.queries.warehouses import visible_warehouses

router = Router(tags=["picking"])


class DeliveryPlanIn(Schema):
    warehouse_id: UUID
    date: date


class DeliveryPlanOut(Schema):
    """`pick_lists` are one a route, in the order of the plan."""

    deliveries: int
    pick_lists: list[UUID]


@router.post("/delivery-plans", response={201: DeliveryPlanOut}, summary="Plan a day of deliveries")
def post_delivery_plan(request: HttpRequest, body: DeliveryPlanIn) -> Any:
    """Draw up what is due by the day and held, put all that waits into routes, and make their pick lists."""
    access_of(request.user).require("stock", "record")
    if not visible_warehouses(by=request.user).filter(pk=body.warehouse_id).exists():
        raise NotFound(field="warehouse_id")
    done = plan_deliveries(warehouse_id=body.warehouse_id, date=body.date, by=request.user, at=now())
    return Status(201, {"deliveries": done.deliveries, "pick_lists": list(done.list_ids)})


class OrderDayIn(Schema):
    date: date
    reason: str = Field(min_length=1, max_length=200)
    line_ids: list[UUID] | None = Field(
        None, min_length=1, max_length=5000, description="Only these lines get the day; none named: the order."
    )
    over: bool = Field(False, description="Plan it there even if the warehouse is closed or full.")


@router.put("/orders/{order_id}/day", response=OrderOut, summary="Plan an order for another day")
def put_order_day(request: HttpRequest, response: HttpResponse, order_id: UUID, body: OrderDayIn) -> Any:
    """Deliveries of it that wait and stand in no route go along. Lines that are named get the day as their own."""
    get_order(order_id=order_id, by=request.user)
    reschedule_order(
        order_id=order_id, planned_date=body.date, reason=body.reason, version=expected_version(request),
        line_ids=body.line_ids, over=body.over, by=request.user, at=now(),
    )  # fmt: skip
    return order_answer(response, get_order(order_id=order_id, by=request.user))

"""A day of deliveries, planned by one call."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.sales.services.plan_deliveries import plan_deliveries
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

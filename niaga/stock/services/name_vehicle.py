from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.catalog.rules.load import GoodsLoad
from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ReasonMissing, VehicleOverloaded
from niaga.stock.models import DeliveryRoute
from niaga.stock.queries.loads import route_loads
from niaga.stock.queries.planning import trucks_of
from niaga.stock.rules.vehicle_load import overload


@transaction.atomic
def name_vehicle(
    *, route_id: UUID, vehicle_id: UUID | None, over: bool = False, reason: str = "", by: Actor, at: datetime
) -> DeliveryRoute:
    """Give a route to a vehicle of its warehouse, with its usual driver; without one it waits for a vehicle again.

    :raises NotFound: no such route, or no such vehicle at its warehouse
    :raises Forbidden: the person may not plan there
    :raises VehicleOverloaded: with its other routes of the day it would carry more than it may, and `over` does not say
        to overload it; each measure is answered
    :raises ReasonMissing: nothing says why it is overloaded
    """
    rows = DeliveryRoute.objects.select_for_update(of=("self",)).select_related("warehouse", "vehicle")
    route = rows.filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    access_of(by).require("stock", "record", route.warehouse)
    if route.vehicle_id == vehicle_id:
        return route
    driver, user_id, told = "", None, None
    if vehicle_id is not None:
        trucks = trucks_of(warehouse_id=route.warehouse_id, date=route.date, but_for=route.id)
        if vehicle_id not in trucks:
            raise NotFound(field="vehicle_id")
        truck, (driver, user_id) = trucks[vehicle_id]
        told = overload(truck.hold, route_loads([route.id]).get(route.id, GoodsLoad()))
        if told and not over:
            raise VehicleOverloaded(lines=told, field="vehicle_id")
        if told and not reason.strip():
            raise ReasonMissing(field="reason")
    batch = Batch()
    values = {
        "vehicle_id": vehicle_id, "driver": driver, "driver_user_id": user_id, "version": Sql("t.version + 1"),
        "updated_at": at,
    }  # fmt: skip
    batch.update(DeliveryRoute, where={"id": route.id}, values=values)
    record(
        batch=batch, subject_kind="route", subject_id=route.id, verb="name_vehicle", by=by.id, at=at,
        company_id=route.company_id, note=reason.strip()[:200] if told else "",
        data={"before": str(route.vehicle_id or ""), "after": str(vehicle_id or ""), "overloaded": told or []},
    )  # fmt: skip
    batch.write()
    return rows.get(pk=route_id)

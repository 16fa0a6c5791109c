from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import DeliveryRoute, RouteStop


@transaction.atomic
def move_stop(*, route_id: UUID, delivery_id: UUID, position: int, by: Actor, at: datetime) -> DeliveryRoute:
    """Put a delivery to another place in its route, counted from 1; the others close up.

    :raises NotFound: no such route, or the delivery is not in it
    :raises Forbidden: the person may not plan there
    """
    rows = DeliveryRoute.objects.select_for_update(of=("self",)).select_related("warehouse")
    route = rows.filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    access_of(by).require("stock", "record", route.warehouse)
    stops = list(RouteStop.objects.filter(route_id=route.id).order_by("position", "id"))
    moved = next((stop for stop in stops if stop.delivery_id == delivery_id), None)
    if moved is None:
        raise NotFound(field="delivery_id")
    stops.remove(moved)
    stops.insert(max(0, min(len(stops), position - 1)), moved)
    batch = Batch()
    batch.update_each(
        RouteStop, [{"id": stop.id, "position": place} for place, stop in enumerate(stops, 1)],
        values={"position": "v.position"},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="route", subject_id=route.id, verb="move_stop", by=by.id, at=at,
        company_id=route.company_id, data={"delivery_id": str(delivery_id), "position": position},
    )  # fmt: skip
    batch.write()
    return route

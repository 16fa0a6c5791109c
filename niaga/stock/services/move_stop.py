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
    """Put a delivery to another place in its route, counted from 1; the others close up. What travels with it moves
    along.

    :raises NotFound: no such route, or the delivery is not in it
    :raises Forbidden: the person may not plan there
    """
    rows = DeliveryRoute.objects.select_for_update(of=("self",)).select_related("warehouse")
    route = rows.filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    access_of(by).require("stock", "record", route.warehouse)
    there = RouteStop.objects.filter(route_id=route.id).select_related("delivery").order_by("position", "id")
    stops = _moved(list(there), delivery_id, position)
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


def _moved(stops: list[RouteStop], delivery_id: UUID, position: int) -> list[RouteStop]:
    """The stops as they follow each other then.

    :raises NotFound: the delivery is not among them
    """
    place = next((place for place, stop in enumerate(stops) if stop.delivery_id == delivery_id), None)
    if place is None:
        raise NotFound(field="delivery_id")
    joint_id = stops[place].delivery.joint_id
    block = [one for one in stops if one.delivery_id == delivery_id or (joint_id and one.delivery.joint_id == joint_id)]
    rest = [one for one in stops if one not in block]
    is_later = position - 1 > place
    to = max(0, min(len(rest), position - (len(block) if is_later else 1)))
    while 0 < to < len(rest) and (tied := rest[to - 1].delivery.joint_id) and tied == rest[to].delivery.joint_id:
        to += 1 if is_later else -1  # what travels together is not torn
    return [*rest[:to], *block, *rest[to:]]

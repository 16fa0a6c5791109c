from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.models import DeliveryRoute, LoadMark
from niaga.stock.queries.loading import load_lines


@transaction.atomic
def mark_loaded(*, route_id: UUID, line_id: UUID, loaded: bool = True, by: Actor, at: datetime) -> bool:
    """Say that a delivery line of a route is on its vehicle, or is not after all. Said twice it counts once; whether
    anything changed. When the last line is on it, the route's story says so.

    :raises NotFound: no such route, or the line is not in it
    :raises Forbidden: the person may not load there
    :raises WrongState: its delivery has left
    """
    rows = DeliveryRoute.objects.select_for_update(of=("self",)).select_related("warehouse")
    route = rows.filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    access_of(by).require("stock", "record", route.warehouse)
    lines = load_lines(route_id=route.pk)
    line = next((one for one in lines if one.id == line_id), None)
    if line is None:
        raise NotFound(field="line_id")
    if not line.is_here:
        raise WrongState()
    if line.is_loaded == loaded:
        return False
    batch = Batch()
    if loaded:
        batch.insert(
            LoadMark,
            [{"id": new_id(), "company_id": route.company_id, "route_id": route.pk, "delivery_line_id": line.id,
              "by": by.id, "at": at}],
        )  # fmt: skip
    else:
        batch.sql("off", "DELETE FROM stock_loadmark WHERE delivery_line_id = %s::uuid RETURNING 1", [line.id])
    if loaded and all(one.is_loaded for one in lines if one.id != line.id):
        record(
            batch=batch, subject_kind="route", subject_id=route.pk, verb="load", by=by.id, at=at,
            company_id=route.company_id, data={"lines": len(lines)},
        )  # fmt: skip
    batch.write()
    return True

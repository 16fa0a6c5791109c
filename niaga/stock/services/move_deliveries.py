from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.stock.models import Delivery
from niaga.stock.queries.together import OPEN, lock_together
from niaga.stock.services.leave_joint import leave_joint


def move_deliveries(
    *, batch: Batch, deliveries: Sequence[tuple[UUID, date | None]], company_id: UUID, planned_date: date, reason: str,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Plan deliveries that wait to leave for another day; each is given with the day it had. Added to the batch.

    One that stands in a route already, or has left, stays as it is. One that would have travelled with others on
    another day travels alone.
    """
    if not deliveries:
        return
    ids = [delivery_id for delivery_id, _day in deliveries]
    _part(ids, planned_date, by, at)
    batch.sql(
        "moved",
        "UPDATE stock_delivery d SET planned_date = %s::date, version = version + 1, updated_at = %s::timestamptz"
        " WHERE d.id = ANY(%s::uuid[]) AND d.status IN ('draft', 'picking')"
        " AND NOT EXISTS (SELECT 1 FROM stock_routestop s WHERE s.delivery_id = d.id) RETURNING 1",
        [planned_date, at, ids],
    )
    record_changes(
        batch=batch, subject_kind="delivery", verb="change", by=by, at=at, company_id=company_id, note=reason,
        changes=[
            (delivery_id, {"planned_date": [str(day or ""), str(planned_date)]}) for delivery_id, day in deliveries
        ],
    )  # fmt: skip


def _part(ids: list[UUID], planned_date: date, by: UUID | None, at: datetime) -> None:
    """Those that move without all they travel with leave them."""
    moving = Delivery.objects.filter(pk__in=ids, status__in=OPEN, stop=None).exclude(planned_date=planned_date)
    joined = list(moving.filter(joint__isnull=False).values_list("pk", flat=True))
    if not joined:
        return
    members: dict[UUID, list[Delivery]] = {}
    for one in lock_together(delivery_ids=joined):
        if one.joint_id is not None:
            members.setdefault(one.joint_id, []).append(one)
    for together in members.values():
        leaving = [one.id for one in together if one.id in set(joined)]
        if len(leaving) < len(together):
            leave_joint(members=together, leaving=leaving, by=by, at=at)

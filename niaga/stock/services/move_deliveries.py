from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from niaga.core.audit import record_changes
from niaga.core.batch import Batch


def move_deliveries(
    *, batch: Batch, deliveries: Sequence[tuple[UUID, date | None]], company_id: UUID, planned_date: date, reason: str,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Plan deliveries that wait to leave for another day; each is given with the day it had. Added to the batch.

    One that stands in a route already, or has left, stays as it is.
    """
    if not deliveries:
        return
    ids = [delivery_id for delivery_id, _day in deliveries]
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

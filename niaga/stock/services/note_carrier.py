from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import StaleVersion, WrongState
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery
from niaga.stock.queries.together import lock_together


@transaction.atomic
def note_carrier(
    *,
    delivery_id: UUID,
    carrier: str,
    tracking: str,
    note: str,
    planned_date: date | None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Write down who brings the goods and when, of all that travel together; the note is the delivery's own.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not change it, or what travels with it
    :raises WrongState: it was cancelled
    :raises StaleVersion: somebody saved in between
    """
    members = lock_together(delivery_ids=[delivery_id])
    delivery = next(one for one in members if one.id == delivery_id)
    changed = [one for one in members if one.status == delivery.status]
    for one in changed:
        access_of(by).require("delivery", "change", one)
    if delivery.status == "cancelled":
        raise WrongState()
    if version is not None and version != delivery.version:
        raise StaleVersion()
    batch = Batch()
    for one in changed:
        values = {
            "carrier": carrier.strip()[:80], "tracking": tracking.strip()[:80],
            "note": note.strip() if one is delivery else one.note, "planned_date": planned_date,
        }  # fmt: skip
        batch.update(
            Delivery, where={"id": one.id}, values={**values, "version": Sql("t.version + 1"), "updated_at": at}
        )
        record(
            batch=batch, subject_kind="delivery", subject_id=one.id, verb="change", by=by.id, at=at,
            company_id=one.company_id, data={name: str(value or "") for name, value in values.items()},
        )  # fmt: skip
    batch.write()

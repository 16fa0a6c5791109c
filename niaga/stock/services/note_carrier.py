from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import StaleVersion, WrongState
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery
from niaga.stock.queries.deliveries import lock_delivery


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
    """Write down who brings the goods and when.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not change it
    :raises WrongState: it was cancelled
    :raises StaleVersion: somebody saved in between
    """
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "change", delivery)
    if delivery.status == "cancelled":
        raise WrongState()
    if version is not None and version != delivery.version:
        raise StaleVersion()
    values = {
        "carrier": carrier.strip()[:80], "tracking": tracking.strip()[:80], "note": note.strip(),
        "planned_date": planned_date,
    }  # fmt: skip
    batch = Batch()
    batch.update(
        Delivery, where={"id": delivery.id}, values={**values, "version": Sql("t.version + 1"), "updated_at": at}
    )
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="change", by=by.id, at=at,
        company_id=delivery.company_id, data={name: str(value or "") for name, value in values.items()},
    )  # fmt: skip
    batch.write()

from datetime import date, datetime
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.stock.models import Delivery


def miss_customer(
    *, batch: Batch, delivery: Delivery, reason: str, next_date: date | None, by: UUID | None, at: datetime
) -> None:
    """Note on a locked delivery that its driver came in vain, and the day on which it is tried again.

    :raises WrongState: it has not left, or arrived already
    """
    if delivery.status != "shipped":
        raise WrongState()
    values = {"version": Sql("t.version + 1"), "updated_at": at}
    if next_date is not None:
        values["planned_date"] = next_date
    batch.update(Delivery, where={"id": delivery.id, "status": "shipped"}, values=values, refusal=WrongState)
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="miss", by=by, at=at,
        company_id=delivery.company_id, note=reason, data={"next_date": str(next_date or "")},
    )  # fmt: skip

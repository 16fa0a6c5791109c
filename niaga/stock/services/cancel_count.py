from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor, access_of
from niaga.stock.queries.counts import lock_count
from niaga.stock.rules.count_flow import count_flow


@transaction.atomic
def cancel_count(*, count_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Put a count sheet aside; nothing on hand changes.

    :raises NotFound: no such count
    :raises Forbidden: the person may not cancel it
    :raises WrongState: it was posted or cancelled
    """
    count = lock_count(count_id)
    access_of(by).require("stock", "cancel", count.warehouse)
    batch = Batch()
    move(batch=batch, flow=count_flow, document=count, move="cancel", by=by.id, at=at, note=reason)
    batch.write()

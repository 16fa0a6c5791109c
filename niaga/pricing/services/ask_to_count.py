from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from niaga.organization.access import Actor
from niaga.pricing.jobs import count
from niaga.pricing.models import PriceChange
from niaga.pricing.services._change import lock_change


@transaction.atomic
def ask_to_count(*, change_id: UUID, by: Actor, at: datetime) -> PriceChange:
    """Let the worker count what a prepared change does to products. Asked twice, it is counted once.

    :raises NotFound, Forbidden: see `lock_change`
    :raises WrongState: the change is published or discarded
    """
    _found, change = lock_change(change_id=change_id, move="publish", by=by)
    change.counted = 0
    change.save(update_fields=["counted"])
    with suppress(AlreadyEnqueued), transaction.atomic():
        count.configure(queueing_lock=f"count:{change.id}").defer(change_id=str(change.id))
    return change

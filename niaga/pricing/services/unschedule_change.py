from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_change


@transaction.atomic
def unschedule_change(*, change_id: UUID, by: Actor, at: datetime, expected_version: int | None = None) -> PriceChange:
    """Take a change back from its moment; it is a draft again.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_change`
    """
    _found, change = lock_change(change_id=change_id, move="unschedule", by=by, expected_version=expected_version)
    batch = Batch()
    move(
        batch=batch, flow=FLOW, document=change, move="unschedule", by=by.pk, at=at,
        values={"publish_at": None, "scheduled_by": None, "note": ""},
    )  # fmt: skip
    batch.write()
    change.publish_at = change.scheduled_by = None
    change.note = ""
    return change

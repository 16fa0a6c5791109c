from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.errors import ListChanged, MomentPassed, NothingPrepared
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.differences_of import differences_of, state_of
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._carry_out import checked, lock_what_it_takes
from niaga.pricing.services._change import lock_change


@transaction.atomic
def schedule_change(
    *,
    change_id: UUID,
    publish_at: datetime,
    by: Actor,
    at: datetime,
    note: str = "",
    expected_version: int | None = None,
) -> PriceChange:
    """Let a prepared change be published at a moment, by the worker; `by` publishes it then, with the note as why.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_change`
    :raises MomentPassed: the moment is not ahead
    :raises ListChanged, NothingPrepared, CannotHold: as `publish_change`, as things are now
    """
    found, change = lock_change(change_id=change_id, move="schedule", by=by, expected_version=expected_version)
    if publish_at <= at:
        raise MomentPassed(field="publish_at")
    wanted = differences_of(change)
    now = state_of(found, wanted)
    if found.version != change.seen_version:
        raise ListChanged(lines=overtaken_lines(found, wanted.overtaken(now)))
    fresh = wanted.from_here(now)
    if not fresh:
        raise NothingPrepared()
    lock_what_it_takes(found, fresh)
    checked(found, fresh, by=by)
    batch = Batch()
    move(
        batch=batch, flow=FLOW, document=change, move="schedule", by=by.pk, at=at,
        values={"publish_at": publish_at, "scheduled_by": by.pk, "note": note}, note=note,
        data={"publish_at": publish_at.isoformat()},
    )  # fmt: skip
    batch.write()
    change.publish_at, change.scheduled_by, change.note = publish_at, by.pk, note
    return change

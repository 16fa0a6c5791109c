from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.errors import ListChanged, NothingPrepared
from niaga.pricing.models import Publication
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.differences_of import differences_of, state_of
from niaga.pricing.rules.price_change import FLOW, ChangeStatus
from niaga.pricing.services._carry_out import carry_out
from niaga.pricing.services._change import Locked, lock_change


@transaction.atomic
def publish_change(
    *, change_id: UUID, by: Actor, at: datetime, note: str = "", expected_version: int | None = None
) -> Publication:
    """Make a prepared change hold from now on: all of it in one moment, for everybody who reads prices.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_change`
    :raises ListChanged: somebody changed the list or promotion since the change was looked at
    :raises NothingPrepared: nothing differs from what holds
    :raises CannotHold: formulas in a ring, lists that are archived, products that are gone, limits below what is
        used; `lines` say why
    :raises AlreadyTaken: another list has the code by now
    """
    locked = lock_change(change_id=change_id, move="publish", by=by, expected_version=expected_version)
    found, change = locked
    if found.version != change.seen_version and change.status != ChangeStatus.SCHEDULED:
        wanted = differences_of(change)
        raise ListChanged(lines=overtaken_lines(found, wanted.overtaken(state_of(found, wanted))))
    return publish_locked(locked, by=by, at=at, note=note)


def publish_locked(locked: Locked, *, by: Actor, at: datetime, note: str = "") -> Publication:
    """As `publish_change`, with both rows locked. Changes elsewhere in it, since, do not stand in the way."""
    found, change = locked
    wanted = differences_of(change)
    now = state_of(found, wanted)
    if overtaken := wanted.overtaken(now):
        raise ListChanged(lines=overtaken_lines(found, overtaken))
    fresh = wanted.from_here(now)
    if not fresh:
        raise NothingPrepared()
    batch = Batch()
    move(batch=batch, flow=FLOW, document=change, move="publish", by=by.pk, at=at, note=note)
    publication_id = carry_out(
        batch=batch, found=found, differences=fresh, kind="change", by=by, at=at, change_id=change.id, note=note
    )
    return Publication.objects.get(pk=publication_id)

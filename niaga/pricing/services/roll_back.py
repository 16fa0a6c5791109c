from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.pricing.errors import ChangedSince, NothingToRollBack
from niaga.pricing.models import Publication
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.differences_of import differences_in, state_of
from niaga.pricing.queries.subjects import lock_subject
from niaga.pricing.services._carry_out import carry_out


@transaction.atomic
def roll_back(
    *, publication_id: UUID, by: Actor, at: datetime, note: str = "", over_later_changes: bool = False
) -> Publication:
    """Make what a publication changed as it was before, by a new publication; nothing is ever taken out of history.

    :raises NotFound, Forbidden: no such publication, or `by` may not change its list or promotion
    :raises NothingToRollBack: all of it is as it was
    :raises ChangedSince: later changes touch the same things (`lines` name them) and `over_later_changes` is not said
    :raises CannotHold: what was can no longer be; `lines` say why
    """
    publication = Publication.objects.filter(pk=publication_id).first()
    if publication is None:
        raise NotFound(field="publication")
    found = lock_subject(by, publication.subject_kind, publication.subject_id, "change")
    back = differences_in(publication).turned_round()
    now = state_of(found, back)
    fresh = back.from_here(now)
    if not fresh:
        raise NothingToRollBack()
    if not over_later_changes and (overtaken := back.overtaken(now)):
        raise ChangedSince(lines=overtaken_lines(found, overtaken))
    made = carry_out(
        batch=Batch(), found=found, differences=fresh, kind="rollback", by=by, at=at, reverses_id=publication.id,
        note=note,
    )  # fmt: skip
    return Publication.objects.get(pk=made)

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.errors import NeverPublished
from niaga.pricing.models import Promotion
from niaga.pricing.queries.promotions import lock_promotion
from niaga.pricing.rules.differences import Differences
from niaga.pricing.services._publication import note_publication


@transaction.atomic
def archive_promotion(*, promotion_id: UUID, by: Actor, at: datetime, restore: bool = False) -> Promotion:
    """End a promotion now, or bring it back; a second time changes nothing. Confirmed documents keep what they have.

    :raises NotFound, Forbidden: not there, or `by` may not archive it
    :raises NeverPublished: it was only prepared
    """
    found = lock_promotion(by, promotion_id, "archive")
    if (found.archived_at is None) is restore:
        return found
    if found.unpublished:
        raise NeverPublished()
    batch = Batch()
    note_publication(
        batch=batch, found=found, kind="edit", by=by.pk, at=at,
        differences=Differences({"archived_at": (found.archived_at, None if restore else at)}),
    )  # fmt: skip
    change_row(
        batch=batch, row=found, kind="promotion",
        values={"archived_at": None if restore else at, "version": found.version + 1}, by=by.pk, at=at,
        company_id=found.company_id, verb="restore" if restore else "archive",
    )  # fmt: skip
    write(batch)
    return found

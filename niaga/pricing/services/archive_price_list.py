from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.models import PriceList
from niaga.pricing.queries.price_lists import lock_price_list


@transaction.atomic
def archive_price_list(*, price_list_id: UUID, by: Actor, at: datetime, restore: bool = False) -> PriceList:
    """Take a list out of use, or bring it back; a second time changes nothing. Confirmed documents keep their prices.

    :raises NotFound, Forbidden: not there, or `by` may not archive it
    """
    found = lock_price_list(by, price_list_id, "archive")
    if (found.archived_at is None) is restore:
        return found
    batch = Batch()
    change_row(
        batch=batch,
        row=found,
        kind="price_list",
        values={"archived_at": None if restore else at, "version": found.version + 1},
        by=by.pk,
        at=at,
        company_id=found.company_id,
        verb="restore" if restore else "archive",
    )
    write(batch)
    return found

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.errors import ListInUse, NeverPublished
from niaga.pricing.models import PriceList
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Differences
from niaga.pricing.services._publication import note_publication
from niaga.pricing.services._rules import lock_book


@transaction.atomic
def archive_price_list(*, price_list_id: UUID, by: Actor, at: datetime, restore: bool = False) -> PriceList:
    """Take a list out of use, or bring it back; a second time changes nothing. Confirmed documents keep their prices.

    :raises NotFound, Forbidden: not there, or `by` may not archive it
    :raises NeverPublished: it was only prepared
    :raises ListInUse: lists in use stand on it; or, to restore, it stands on one that is archived
    """
    found = lock_price_list(by, price_list_id, "archive")
    if (found.archived_at is None) is restore:
        return found
    if found.unpublished:
        raise NeverPublished()
    lock_book(found.company_id)
    refuse_gaps(found, restore=restore)
    batch = Batch()
    after = None if restore else at
    note_publication(
        batch=batch, found=found, kind="edit", by=by.pk, at=at,
        differences=Differences({"archived_at": (found.archived_at, after)}),
    )  # fmt: skip
    change_row(
        batch=batch,
        row=found,
        kind="price_list",
        values={"archived_at": after, "version": found.version + 1},
        by=by.pk,
        at=at,
        company_id=found.company_id,
        verb="restore" if restore else "archive",
    )
    write(batch)
    return found


def refuse_gaps(found: PriceList, *, restore: bool) -> None:
    """A list in use never stands on one that is put away.

    :raises ListInUse: it would
    """
    if restore:
        below = PriceList.objects.filter(stands_below__price_list=found).exclude(archived_at=None)
        text = _("It stands on price lists that are archived: %(names)s. Bring those back first.")
    else:
        below = PriceList.objects.filter(rules__base_list=found, archived_at=None)
        text = _("Other price lists stand on this one: %(names)s. Change their formulas first.")
    names = list(below.distinct().order_by("name").values_list("name", flat=True)[:5])
    if names:
        raise ListInUse(text % {"names": ", ".join(names)})

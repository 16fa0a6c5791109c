from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.errors import TierInUse
from niaga.pricing.models import LoyaltyTier, PointsAccount, PriceList, Promotion
from niaga.pricing.queries.loyalty import lock_loyalty_tier


@transaction.atomic
def archive_tier(*, company_id: UUID, tier_id: UUID, by: Actor, at: datetime) -> LoyaltyTier:
    """End a tier; a second time changes nothing. Its members come to the tier that their points reach within the hour.

    :raises NotFound: no such tier
    :raises Forbidden: `by` may not change the programme
    :raises TierInUse: price lists or promotions are made for it
    """
    access_of(by).require("loyalty", "change", company_id=company_id)
    found = lock_loyalty_tier(company_id, tier_id)
    if found.archived_at is not None:
        return found
    named = (model.objects.filter(tier_id=found.id, archived_at=None).exists() for model in (PriceList, Promotion))
    if any(named):
        raise TierInUse()
    batch = Batch()
    change_row(
        batch=batch, row=found, kind="loyalty_tier", values={"archived_at": at, "version": found.version + 1},
        by=by.pk, at=at, company_id=company_id, verb="archive",
    )  # fmt: skip
    write(batch)
    members = PointsAccount.objects.filter(tier_id=found.id)
    list(members.select_for_update().order_by("id").values_list("id"))
    yesterday = day_at(at=at, zone=company_basics(company_id).zone) - timedelta(days=1)
    members.update(tier_until=yesterday, tier_by_hand=False)
    return found

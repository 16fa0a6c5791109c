from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.promotions import lock_promotion
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services._change import begin_change
from niaga.pricing.services._promotion_state import differences_to


@transaction.atomic
def prepare_promotion_change(
    *, promotion_id: UUID, name: str, by: Actor, at: datetime, promotion: NewPromotion | None = None
) -> PriceChange:
    """Begin a change of a promotion that is prepared aside, with how it is to be when that is known already.

    :raises NotFound, Forbidden: no such promotion, or `by` may not change it
    :raises ValueNeeded, ValueTooLong: the name
    :raises Invalid, DatesReversed, HoursEmpty: see `create_promotion`
    """
    found = lock_promotion(by, promotion_id, "change")
    differences = differences_to(found, promotion, by=by) if promotion is not None else Differences()
    return begin_change(found=found, name=name, differences=differences, by=by, at=at)

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services._change import begin_change
from niaga.pricing.services.create_promotion import create_promotion


@transaction.atomic
def prepare_promotion(*, company_id: UUID, promotion: NewPromotion, by: Actor, at: datetime) -> PriceChange:
    """Open a promotion aside: it holds nowhere until its first change is published. Its coupons can be made before.

    :raises Forbidden, Invalid, DatesReversed, HoursEmpty, NotFound: as `create_promotion`
    """
    made = create_promotion(company_id=company_id, promotion=promotion, by=by, at=at, unpublished=True)
    return begin_change(found=made, name=made.name, differences=Differences(), by=by, at=at)

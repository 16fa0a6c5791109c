from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.prepare_change import prepare_change


@transaction.atomic
def prepare_list(*, company_id: UUID, by: Actor, at: datetime, **facts: Any) -> PriceChange:
    """Open a price list aside: it holds for nobody until its first change is published.

    :raises Forbidden, AlreadyTaken, DatesReversed, HoursEmpty, NotFound: as `create_price_list`, whose facts it takes
    """
    made = create_price_list(company_id=company_id, by=by, at=at, unpublished=True, **facts)
    return prepare_change(price_list_id=made.id, name=made.name, by=by, at=at)

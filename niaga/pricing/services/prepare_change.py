from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Differences
from niaga.pricing.services._change import begin_change


@transaction.atomic
def prepare_change(*, price_list_id: UUID, name: str, by: Actor, at: datetime) -> PriceChange:
    """Begin a change of a list that is prepared aside. Nothing of it holds before it is published.

    :raises NotFound, Forbidden: no such list, or `by` may not change it
    :raises ValueNeeded, ValueTooLong: the name
    """
    found = lock_price_list(by, price_list_id, "change")
    return begin_change(found=found, name=name, differences=Differences(), by=by, at=at)

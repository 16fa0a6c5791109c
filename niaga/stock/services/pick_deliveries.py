from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.stock.models import Delivery
from niaga.stock.services.pick_delivery import pick_delivery


@transaction.atomic
def pick_deliveries(*, delivery_ids: Collection[UUID], by: Actor, at: datetime) -> int:
    """Begin to collect several deliveries; those that are no longer waiting are passed over. Returns how many began.

    :raises Forbidden: the person may not change one of them
    """
    waiting = Delivery.objects.filter(pk__in=list(delivery_ids), status="draft").order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    for delivery_id in ids:
        pick_delivery(delivery_id=delivery_id, by=by, at=at)
    return len(ids)

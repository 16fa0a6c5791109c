from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.rules.delivery_flow import delivery_flow


@transaction.atomic
def pick_delivery(*, delivery_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Begin to collect a delivery's goods from the shelves.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not change it
    :raises WrongState: it is picked already, has left, or was cancelled
    """
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "change", delivery)
    batch = Batch()
    move(batch=batch, flow=delivery_flow, document=delivery, move="pick", by=by.id, at=at)
    batch.write()
    return delivery

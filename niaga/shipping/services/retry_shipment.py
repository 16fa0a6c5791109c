from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.shipping.events import ShipmentAsked
from niaga.shipping.models import Shipment
from niaga.shipping.queries.shipments import lock_shipment
from niaga.shipping.rules.shipment_flow import shipment_flow


@transaction.atomic
def retry_shipment(*, shipment_id: UUID, by: Actor, at: datetime) -> Shipment:
    """Hand a booking over again, because a person wants it, under the same key. Its attempts count anew.

    :raises NotFound: no such shipment
    :raises Forbidden: the person may not ship it
    :raises WrongState: it neither failed nor is uncertain
    """
    shipment = lock_shipment(shipment_id=shipment_id)
    access_of(by).require("delivery", "ship", shipment)
    batch = Batch()
    values = {"attempts": 0, "reason": "", "error": "", "next_attempt_at": None, "next_ask_at": None}
    how = "retry" if shipment.service else "ask_again"
    move(batch=batch, flow=shipment_flow, document=shipment, move=how, by=by.id, at=at, values=values)
    asked = ShipmentAsked(shipment.id, shipment.delivery_id)
    announce(batch=batch, event=asked, company_id=shipment.company_id, by=by.id, at=at)
    batch.write()
    return shipment

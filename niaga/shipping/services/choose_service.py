from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import NoSuchService
from niaga.shipping.events import ShipmentAsked
from niaga.shipping.models import Shipment
from niaga.shipping.queries.shipments import lock_shipment
from niaga.shipping.rules.shipment_flow import shipment_flow


@transaction.atomic
def choose_service(*, shipment_id: UUID, service: str, by: Actor, at: datetime) -> Shipment:
    """Take one of the carrier's offers; a job books it.

    :raises NotFound: no such shipment
    :raises Forbidden: the person may not ship it
    :raises WrongState: it is booked, or called off
    :raises NoSuchService: the carrier did not offer it
    """
    shipment = lock_shipment(shipment_id=shipment_id)
    access_of(by).require("delivery", "ship", shipment)
    rate = next((one for one in shipment.rates if one["service"] == service), None)
    if rate is None:
        raise NoSuchService(field="service")
    batch = Batch()
    values = {"service": service, "cost": Decimal(rate["cost"]), "attempts": 0, "next_attempt_at": None}
    move(batch=batch, flow=shipment_flow, document=shipment, move="choose", by=by.id, at=at, values=values)
    asked = ShipmentAsked(shipment.id, shipment.delivery_id)
    announce(batch=batch, event=asked, company_id=shipment.company_id, by=by.id, at=at)
    batch.write()
    return shipment

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import BookedAtCarrier
from niaga.shipping.events import ShipmentMoved
from niaga.shipping.models import Shipment
from niaga.shipping.queries.shipments import lock_shipment
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.shipment_flow import Status, shipment_flow
from niaga.stock.services.name_carriers import Named, name_carriers


@transaction.atomic
def cancel_shipment(*, shipment_id: UUID, reason: str, called_off: bool = False, by: Actor, at: datetime) -> Shipment:
    """Call a shipment off: its delivery can go with another carrier.

    One that stands, or may stand, at a carrier over HTTP needs the word that the carrier was `called_off`.

    :raises NotFound: no such shipment
    :raises Forbidden: the person may not ship it
    :raises WrongState: it is on its way, or has arrived
    :raises BookedAtCarrier: the carrier may still come for it
    """
    shipment = lock_shipment(shipment_id=shipment_id)
    access_of(by).require("delivery", "ship", shipment)
    stands = CARRIERS[shipment.carrier.kind].speaks and shipment.status in (Status.BOOKED, Status.UNCERTAIN)
    if stands and not called_off:
        raise BookedAtCarrier()
    batch = Batch()
    values = {"next_ask_at": None, "next_attempt_at": None}
    move(
        batch=batch, flow=shipment_flow, document=shipment, move="cancel", by=by.id, at=at, values=values,
        note=reason.strip()[:200],
    )  # fmt: skip
    name_carriers(batch=batch, named=[Named(shipment.delivery_id, "", "")], at=at)
    moved = ShipmentMoved(shipment.id, shipment.delivery_id, Status.CANCELLED.value)
    announce(batch=batch, event=moved, company_id=shipment.company_id, by=by.id, at=at)
    batch.write()
    return shipment

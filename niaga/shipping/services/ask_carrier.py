from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.services.call_out import Outcome
from niaga.shipping.events import ShipmentMoved
from niaga.shipping.models import Shipment
from niaga.shipping.queries.carriers import keys_of
from niaga.shipping.queries.shipments import for_call, lock_deliveries_of, parcel_of
from niaga.shipping.rules.carriers.shape import Booked, NotThere, Unreadable
from niaga.shipping.rules.shipment_flow import ASKED, Status, next_ask, shipment_flow
from niaga.shipping.services.call_carrier import call_carrier
from niaga.shipping.services.send_booking import write_booked
from niaga.shipping.services.take_told import take_told


def ask_carrier(*, shipment_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask a carrier what became of a booking whose answer never came, or where a shipment is. Returns its status.

    Called by jobs only. A carrier that surely has no such booking leaves it failed, for a person to try again; one
    that says nothing certain is asked later. Nothing here books.
    """
    at = clock()
    shipment = _take(shipment_id, at)
    if shipment is None:
        return ""
    carrier, keys = keys_of(shipment.carrier)
    parcel = parcel_of(shipment)
    asks = carrier.find if shipment.status == Status.UNCERTAIN else carrier.track
    call = asks(keys, parcel)
    if call is None:
        return shipment.status
    answer = call_carrier(call)
    if answer.outcome is not Outcome.ANSWERED:
        return shipment.status
    try:
        if shipment.status == Status.UNCERTAIN:
            try:
                return _settle(shipment, carrier.found(answer.told, parcel), clock())
            except NotThere:
                return _settle(shipment, None, clock())
        told = carrier.tracked(answer.told, parcel)
    except Unreadable:
        return shipment.status
    with transaction.atomic():
        lock_deliveries_of(shipment_ids=[shipment_id])
        held = for_call(shipment_id, ASKED).first()
        if held is None:
            return ""
        return take_told(shipment=held, events=told.events, expected_date=told.expected_date, at=clock())


@transaction.atomic
def _take(shipment_id: UUID, at: datetime) -> Shipment | None:
    """The shipment, with its next question set before this one is asked: a worker that dies leaves one to come."""
    shipment = for_call(shipment_id, (*ASKED, Status.UNCERTAIN)).filter(next_ask_at__lte=at).first()
    if shipment is None:
        return None
    shipment.asks += 1
    shipment.next_ask_at = next_ask(shipment.asks, at)
    shipment.save(update_fields=["asks", "next_ask_at"])
    return shipment


@transaction.atomic
def _settle(shipment: Shipment, booked: Booked | None, at: datetime) -> str:
    lock_deliveries_of(shipment_ids=[shipment.pk])
    held = for_call(shipment.pk, (Status.UNCERTAIN,)).first()
    if held is None:
        return ""
    batch = Batch()
    if booked is not None:
        write_booked(batch=batch, shipment=held, booked=booked, at=at)
    else:
        held.reason, held.next_ask_at = "not_there", None
    held.status = check_move(shipment_flow, "book" if booked else "fail", held.status)
    held.version, held.updated_at = held.version + 1, at
    held.save()
    moved = ShipmentMoved(held.id, held.delivery_id, held.status)
    announce(batch=batch, event=moved, company_id=held.company_id, by=None, at=at)
    batch.write()
    return held.status

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.rules.attempts import next_attempt
from niaga.core.services.call_out import Answer, Outcome
from niaga.shipping.events import ShipmentMoved
from niaga.shipping.models import Shipment
from niaga.shipping.queries.carriers import keys_of
from niaga.shipping.queries.shipments import for_call, lock_deliveries_of, parcel_of
from niaga.shipping.rules.carriers.shape import Booked, Unreadable
from niaga.shipping.rules.shipment_flow import SOON, Status, next_ask, shipment_flow
from niaga.shipping.services.call_carrier import call_carrier
from niaga.stock.services.name_carriers import Named, name_carriers

_MOVES = {
    Outcome.ANSWERED: "book", Outcome.NEVER: "fail", Outcome.LATER: "postpone", Outcome.UNKNOWN: "doubt",
}  # fmt: skip


def send_booking(*, shipment_id: UUID, clock: Callable[[], datetime]) -> str:
    """Book a shipment at its carrier: note that it is on its way, hand it over, note the answer. Returns its status.

    Called by jobs only, outside any transaction: between the two commits nothing is locked, and a worker that dies
    there leaves the shipment `booking`, which becomes `uncertain` and is then settled by asking. One that another
    worker has taken, or that does not wait, is left alone.
    """
    shipment = _begin(shipment_id, clock())
    if shipment is None:
        return ""
    carrier, keys = keys_of(shipment.carrier)
    parcel = parcel_of(shipment)
    call = carrier.book(keys, parcel)
    answer = Answer(Outcome.NEVER) if call is None else call_carrier(call)
    booked = None
    if answer.outcome is Outcome.ANSWERED:
        try:
            booked = carrier.booked(answer.told, parcel)
        except Unreadable as error:
            answer = Answer(Outcome.UNKNOWN, answer.status, words=f"{answer.words} {error}".strip()[:300])
    return _settle(shipment, answer, booked, clock())


@transaction.atomic
def _begin(shipment_id: UUID, at: datetime) -> Shipment | None:
    shipment = for_call(shipment_id, (Status.QUEUED,)).first()
    if shipment is None:
        return None
    shipment.status = check_move(shipment_flow, "begin", shipment.status)
    shipment.attempts += 1
    shipment.started_at = at
    shipment.save(update_fields=["status", "attempts", "started_at"])
    return shipment


@transaction.atomic
def _settle(shipment: Shipment, answer: Answer, booked: Booked | None, at: datetime) -> str:
    lock_deliveries_of(shipment_ids=[shipment.pk])
    held = Shipment.objects.select_for_update(of=("self",)).select_related("carrier").get(pk=shipment.pk)
    # a worker taken for dead may come back: by then the carrier was asked, and a person may have called it off
    if held.status != Status.BOOKING or held.started_at != shipment.started_at:
        return held.status
    move = _MOVES[answer.outcome]
    again = next_attempt(held.attempts, at) if move == "postpone" else None
    if move == "postpone" and again is None:
        move = "fail"
    batch = Batch()
    if booked is not None:
        write_booked(batch=batch, shipment=held, booked=booked, at=at)
    else:
        held.next_ask_at = at + SOON if move == "doubt" else None
        held.reason, held.error = answer.outcome.value, answer.words[:300]
    held.status = check_move(shipment_flow, move, held.status)
    held.next_attempt_at, held.version, held.updated_at = again, held.version + 1, at
    held.save()
    moved = ShipmentMoved(held.id, held.delivery_id, held.status)
    announce(batch=batch, event=moved, company_id=held.company_id, by=None, at=at)
    batch.write()
    return held.status


def write_booked(*, batch: Batch, shipment: Shipment, booked: Booked, at: datetime) -> None:
    """Put what the carrier said of a booking on the locked shipment, and its number on the delivery."""
    shipment.provider_id, shipment.tracking = booked.provider_id, booked.tracking
    shipment.has_label, shipment.reason, shipment.error = booked.has_label, "", ""
    if booked.cost is not None:
        shipment.cost = booked.cost
    if booked.expected_date is not None:
        shipment.expected_date = booked.expected_date
    shipment.next_ask_at = next_ask(0, at)
    named = [Named(shipment.delivery_id, shipment.carrier.name, booked.tracking)]
    name_carriers(batch=batch, named=named, at=at)

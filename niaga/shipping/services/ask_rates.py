from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.rules.attempts import next_attempt
from niaga.core.services.call_out import Outcome
from niaga.shipping.events import ShipmentMoved
from niaga.shipping.queries.carriers import keys_of
from niaga.shipping.queries.shipments import for_call, parcel_of
from niaga.shipping.rules.carriers.shape import Unreadable
from niaga.shipping.rules.shipment_flow import Status, shipment_flow
from niaga.shipping.services.call_carrier import call_carrier


def ask_rates(*, shipment_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask a carrier what a shipment would cost. Returns the shipment's status. Called by jobs only.

    Asking books nothing, so it may be asked again whatever came of it; after the last attempt it has failed.
    """
    with transaction.atomic():
        shipment = for_call(shipment_id, (Status.QUOTING,)).first()
    if shipment is None:
        return ""
    carrier, keys = keys_of(shipment.carrier)
    call = carrier.rates(keys, parcel_of(shipment))
    if call is None:
        return shipment.status
    answer, rates, words = call_carrier(call), None, ""
    if answer.outcome is Outcome.ANSWERED:
        try:
            rates = carrier.rated(answer.told)
        except Unreadable as error:
            words = str(error)
    at = clock()
    with transaction.atomic():
        held = for_call(shipment_id, (Status.QUOTING,)).first()
        if held is None:
            return ""
        held.attempts += 1
        held.version, held.updated_at = held.version + 1, at
        held.reason, held.error = ("", "") if rates else (answer.outcome.value, (words or answer.words)[:300])
        held.next_attempt_at = None
        if rates:
            held.rates = [
                {"service": one.service, "label": one.label, "cost": str(one.cost), "days": one.days} for one in rates
            ]
            held.status = check_move(shipment_flow, "quote", held.status)
        else:
            again = None if answer.outcome is Outcome.NEVER else next_attempt(held.attempts, at)
            held.next_attempt_at = again
            if again is None:
                held.status = check_move(shipment_flow, "fail", held.status)
        held.save()
        batch = Batch()
        moved = ShipmentMoved(held.id, held.delivery_id, held.status)
        announce(batch=batch, event=moved, company_id=held.company_id, by=None, at=at)
        batch.write()
    return held.status

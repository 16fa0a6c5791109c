import json
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.shipping.models import Carrier, Shipment
from niaga.shipping.queries.shipments import lock_deliveries_of
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.carriers.shape import Told
from niaga.shipping.services.take_told import take_told

SOURCE = "carrier"


def sealed_body(carrier_id: UUID, body: bytes) -> bytes:
    """A call as the inbox keeps it: the carrier that it was proved to be of, then its own bytes."""
    return carrier_id.hex.encode() + b"\n" + body


@transaction.atomic
def take_carrier_call(body: bytes, company_id: UUID | None, at: datetime) -> None:
    """Take what a carrier tells: the handler of its calls, whose signature was checked when they came.

    Words about shipments of other systems on the same account are passed over.

    :raises ValueError: the body is no JSON
    """
    carrier_id, _line, said = body.partition(b"\n")
    carrier = Carrier.objects.filter(pk=UUID(carrier_id.decode())).first()
    if carrier is None or carrier.company_id != company_id:
        return
    told: dict[UUID, list[Told]] = {}
    for one in CARRIERS[carrier.kind].told(json.loads(said, parse_float=Decimal)):
        with suppress(ValueError):
            told[UUID(one.key)] = [*told.get(UUID(one.key), []), one]
    lock_deliveries_of(shipment_ids=told)
    rows = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "delivery")
    for shipment in rows.filter(pk__in=told, carrier_id=carrier.id).order_by("pk"):
        for one in told[shipment.id]:
            take_told(shipment=shipment, events=one.events, expected_date=one.expected_date, at=at)

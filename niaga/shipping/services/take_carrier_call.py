import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.shipping.models import Carrier, Shipment
from niaga.shipping.rules.carriers import CARRIERS
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
    for told in CARRIERS[carrier.kind].told(json.loads(said, parse_float=Decimal)):
        try:
            key = UUID(told.key)
        except ValueError:
            continue
        rows = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "delivery")
        shipment = rows.filter(pk=key, carrier_id=carrier.id).first()
        if shipment is not None:
            take_told(shipment=shipment, events=told.events, expected_date=told.expected_date, at=at)

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.ids import new_id
from niaga.core.services.call_out import Outcome
from niaga.documents.services.clean_pdf import UnreadablePdf, clean_pdf
from niaga.shipping.models import Shipment, ShipmentLabel
from niaga.shipping.queries.carriers import keys_of
from niaga.shipping.queries.shipments import parcel_of
from niaga.shipping.services.call_carrier import call_carrier


def fetch_label(*, shipment_id: UUID, at: datetime) -> bool:
    """Get a booked shipment's label from its carrier and keep it, without anything in it that could run. Whether there
    is one now. Called by jobs only; what fails is fetched again by the next.
    """
    rows = Shipment.objects.select_related("carrier", "delivery", "branch", "company")
    shipment = rows.filter(pk=shipment_id, has_label=True, label=None).first()
    if shipment is None:
        return False
    carrier, keys = keys_of(shipment.carrier)
    call = carrier.label(keys, parcel_of(shipment))
    answer = call_carrier(call, for_bytes=True) if call is not None else None
    if answer is None or answer.outcome is not Outcome.ANSWERED or not answer.content:
        return False
    try:
        content = clean_pdf(content=answer.content)
    except UnreadablePdf:
        return False
    label = ShipmentLabel(
        id=new_id(), company_id=shipment.company_id, shipment_id=shipment.id, content=content, at=at,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    with transaction.atomic():
        ShipmentLabel.objects.bulk_create([label], ignore_conflicts=True)
    return True

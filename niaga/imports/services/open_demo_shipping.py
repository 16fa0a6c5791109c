from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.shipping.queries.shipments import deliveries_to_book
from niaga.shipping.rules.offer import PAGES
from niaga.shipping.rules.visit import Position, Visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier

_DOOR = Position(Decimal("-7.2575"), Decimal("112.7521"), 14)
_TOLD = (
    ("in_transit", "Diterima di gudang asal", "Surabaya", 9),
    ("in_transit", "Berangkat ke kota tujuan", "Surabaya", 5),
    ("out", "Dibawa kurir", "Malang", 2),
)


@transaction.atomic
def open_demo_shipping(*, company_id: UUID, by: Actor, at: datetime) -> None:
    """Send what has left with the own fleet and a courier: one is on its way, one found a closed shop, one arrived."""
    shared = {"company_id": company_id, "by": by, "at": at}
    own = save_carrier(details=CarrierDetails("own", "Armada sendiri"), **shared)  # type: ignore[arg-type]
    jne = CarrierDetails("by_hand", "JNE", ("REG", "YES", "JTR"), PAGES["JNE"])
    courier = save_carrier(details=jne, **shared)  # type: ignore[arg-type]
    left = [one for one in deliveries_to_book(by=by)[:200] if one.status == "shipped"][:5]
    for place, delivery in enumerate(left):
        by_hand = ShipmentDetails(
            "REG", 2, 6_500, None, (at + timedelta(days=1)).date(), f"JNE88410027{place:02}", Decimal(38_000)
        )
        details = by_hand if place < 2 else ShipmentDetails()
        carrier_id = courier if place < 2 else own
        (shipment_id,) = book_shipments(
            delivery_ids=[delivery.id], carrier_id=carrier_id, details=details, by=by, at=at - timedelta(hours=10)
        )
        if place == 0:
            for state, words, town, hours in _TOLD:
                moment = at - timedelta(hours=hours)
                note_happened(shipment_id=shipment_id, state=state, words=words, place=town, by=by, at=moment)
        if place == 2:
            closed = Visit(new_id(), "failed", at, reason="closed", next_date=(at + timedelta(days=1)).date())
            record_visit(delivery_id=delivery.id, visit=closed, by=by, at=at)
        if place == 3:
            came = Visit(new_id(), "delivered", at, "Ibu Ratna", position=_DOOR, cash=Decimal(250_000))
            record_visit(delivery_id=delivery.id, visit=came, by=by, at=at)

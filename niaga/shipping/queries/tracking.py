"""Where goods are, as their customer sees it: no office facts, no other customer, no driver's place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from niaga.documents.queries.attachments import attachments_of
from niaga.organization.access import SYSTEM
from niaga.shipping.models import DeliveryVisit, Shipment, ShipmentEvent
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.rules.offer import page_of
from niaga.stock.queries.deliveries import get_delivery
from niaga.stock.queries.doors import door_lines
from niaga.stock.queries.together import ids_together, numbers_of


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, by its name in `web.words.TO_CUSTOMER`."""

    at: datetime
    name: str
    words: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What is brought of one order."""

    number: str
    lines: list[Any]


@dataclass(frozen=True, slots=True)
class Tracking:
    delivery: Any
    orders: list[Brought]
    """The delivery's own first, then what travels with it."""
    steps: list[Step]
    """The newest first."""
    expected_date: date | None
    carrier: str
    tracking: str
    page: str
    received_by: str
    received_at: datetime | None
    photo: Any
    """The attachment, or none."""
    refused: bool

    @property
    def now(self) -> str:
        return self.steps[0].name if self.steps else "packed"


def tracking_of(delivery_id: UUID) -> Tracking:
    """What a customer may know of a delivery whose link they hold, and of what travels with it to their door.

    :raises NotFound: no such delivery
    """
    delivery = get_delivery(delivery_id=delivery_id, by=SYSTEM)
    ids = ids_together([delivery.id])[delivery.id] if delivery.joint_id else [delivery.id]
    beside = numbers_of(delivery_ids=ids) if delivery.joint_id else {}
    shipments = Shipment.objects.filter(delivery_id__in=ids).exclude(status="cancelled").select_related("carrier")
    shipment = shipments.order_by("-created_at").first()
    steps = []
    if delivery.status == "cancelled":
        steps.append(Step(delivery.updated_at, "cancelled"))
    if delivery.shipped_at:
        steps.append(Step(delivery.shipped_at, "shipped"))
    visits = list(DeliveryVisit.objects.filter(delivery_id=delivery.id).order_by("at"))
    told = {one.id.hex for one in visits}
    steps += [Step(one.at, "problem", words=one.reason) for one in visits if one.outcome == "failed"]
    if shipment is not None:
        rows = ShipmentEvent.objects.filter(shipment_id=shipment.id).exclude(key__in=told)
        steps += [Step(one.at, one.state, one.words, one.place) for one in rows if one.state != "delivered"]
    proof = getattr(delivery, "proof", None)
    if proof is not None:
        steps.append(Step(proof.at, "delivered"))
    lines = door_lines(delivery_ids=ids)
    photos = attachments_of(kind="delivery", ids=[delivery.id], purpose="photo").get(delivery.id, [])
    photo = next((one for one in photos if proof is not None and one.id == proof.photo_id), None)
    by_carrier = shipment is not None and proof is not None and proof.received_by == shipment.carrier.name
    names_receiver = shipping_settings(delivery.company_id).names_receiver
    return Tracking(
        delivery=delivery, orders=[
            Brought(beside.get(one) or delivery.source_number or delivery.number, lines.get(one, []))
            for one in sorted(ids, key=lambda key: (key != delivery.id, beside.get(key, "")))
        ],
        steps=sorted(steps, key=lambda one: one.at, reverse=True),
        expected_date=None if proof else (shipment.expected_date if shipment else None) or delivery.planned_date,
        carrier=shipment.carrier.name if shipment else delivery.carrier,
        tracking=shipment.tracking if shipment else delivery.tracking,
        page=page_of(shipment.carrier.tracking_url, shipment.tracking) if shipment else "",
        received_by=proof.received_by if proof and not by_carrier and names_receiver else "",
        received_at=proof.at if proof else None,
        photo=photo, refused=any(one.outcome == "part" for one in visits),
    )  # fmt: skip

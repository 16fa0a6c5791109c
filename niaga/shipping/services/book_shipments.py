from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record_each
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import NoSuchService, NothingToBook, ShipmentOpen
from niaga.shipping.events import ShipmentAsked
from niaga.shipping.models import Carrier, Shipment
from niaga.shipping.queries.proposed_weight import HEAVIEST_GRAMS, proposed_grams
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.shipment_flow import OPEN, Status
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.together import lock_together
from niaga.stock.services.name_carriers import Named, name_carriers

MOST = 1_000


@dataclass(frozen=True, slots=True)
class ShipmentDetails:
    """How deliveries go. `tracking` and `cost` are what a courier said at the counter: of one delivery only."""

    service: str = ""
    parcels: int = 1
    weight_grams: int | None = None
    """Of each; None: what its goods weigh, a kilogram where that is not known."""
    pickup_date: date | None = None
    expected_date: date | None = None
    tracking: str = ""
    cost: Decimal | None = None


@transaction.atomic
def book_shipments(
    *, delivery_ids: Sequence[UUID], carrier_id: UUID, details: ShipmentDetails, by: Actor, at: datetime
) -> list[UUID]:
    """Give deliveries to a carrier. Returns the ids of the shipments. What travels together is one shipment, under the
    first of its deliveries: its parcels, weight and cost are those of all that has not arrived.

    The own fleet and a courier entered by hand have them at once; one that is spoken to over HTTP is asked by a job:
    for its prices first where no service is named. As many statements for 500 deliveries as for one.

    :raises NotFound: no such carrier, or a delivery that the person may not see
    :raises Forbidden: the person may not ship one of them
    :raises NothingToBook: no delivery, more than a thousand, or one that was cancelled or has arrived
    :raises ShipmentOpen: one of them has a shipment already
    :raises NoSuchService: the carrier has no such service
    :raises Invalid: no parcel, no weight, or figures of one delivery for many
    """
    access = access_of(by)
    carrier = Carrier.objects.filter(pk=carrier_id, archived_at=None).first()
    wanted = list(dict.fromkeys(delivery_ids))
    if not 1 <= len(wanted) <= MOST:
        raise NothingToBook(field="deliveries")
    seen = visible_deliveries(by=by).filter(pk__in=wanted).count()
    if carrier is None or seen != len(wanted):
        raise NotFound()
    held, named = lock_together(delivery_ids=wanted), set(wanted)
    deliveries = [one for one in held if one.id in named or one.status != "delivered"]
    if any(one.company_id != carrier.company_id for one in deliveries):
        raise NotFound()
    for delivery in deliveries:
        access.require("delivery", "ship", delivery)
    if any(delivery.status in ("cancelled", "delivered") for delivery in deliveries):
        raise NothingToBook(field="deliveries")
    if Shipment.objects.filter(delivery_id__in=[one.id for one in deliveries], status__in=OPEN).exists():
        raise ShipmentOpen()
    firsts = {one.joint_id or one.id: one for one in reversed(deliveries)}
    parcels = [one for one in deliveries if firsts[one.joint_id or one.id] is one]
    _check(details, carrier, len(parcels))
    grams = proposed_grams({one.id: one.joint_id or one.id for one in deliveries}) if not details.weight_grams else {}
    speaks = CARRIERS[carrier.kind].speaks
    status = (Status.QUEUED if details.service else Status.QUOTING) if speaks else Status.BOOKED
    shipments: list[dict[str, Any]] = [
        {
            "id": new_id(), "company_id": one.company_id, "branch_id": one.branch_id, "delivery_id": one.id,
            "carrier_id": carrier.id, "salesperson_id": one.salesperson_id, "status": status.value,
            "service": details.service.strip()[:60], "parcels": details.parcels,
            "weight_grams": details.weight_grams or grams[one.joint_id or one.id],
            "pickup_date": details.pickup_date, "expected_date": details.expected_date,
            "currency": one.company.currency,
            "tracking": details.tracking.strip()[:80], "cost": details.cost,
        }
        for one in parcels
    ]  # fmt: skip
    batch = Batch()
    batch.insert(Shipment, shipments, created_by=by.id, created_at=at, updated_at=at)
    record_each(
        batch=batch, subjects=[(one["id"], one["company_id"]) for one in shipments], subject_kind="shipment",
        verb="ask" if speaks else "book", by=by.id, at=at, to_status=status.value,
    )  # fmt: skip
    if speaks:
        events = [ShipmentAsked(one["id"], one["delivery_id"]) for one in shipments]
        announce(batch=batch, event=events, company_id=carrier.company_id, by=by.id, at=at)
    name_carriers(
        batch=batch, named=[Named(one["delivery_id"], carrier.name, one["tracking"]) for one in shipments], at=at
    )
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        if "one_open_shipment" in str(error):
            raise ShipmentOpen() from error
        raise
    return [one["id"] for one in shipments]


def _check(details: ShipmentDetails, carrier: Carrier, count: int) -> None:
    if not 1 <= details.parcels <= 999:
        raise Invalid(_("From 1 to 999 parcels."), field="parcels")
    if details.weight_grams is not None and not 1 <= details.weight_grams <= HEAVIEST_GRAMS:
        raise Invalid(_("From one gram to five tonnes."), field="weight_grams")
    if details.cost is not None and not 0 <= details.cost < Decimal(10) ** 12:
        raise Invalid(_("A cost is no less than nothing."), field="cost")
    if count > 1 and (details.tracking.strip() or details.cost is not None):
        raise Invalid(_("A number and a cost belong to one delivery."), field="tracking")
    if carrier.services and details.service and details.service not in carrier.services:
        raise NoSuchService(field="service")

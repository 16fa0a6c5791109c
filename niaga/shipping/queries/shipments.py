"""Shipments that a person may see; and what waits for jobs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import Shipment, ShipmentLabel
from niaga.shipping.rules.carriers.shape import Parcel
from niaga.shipping.rules.shipment_flow import ASKED, OPEN, Status
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.together import joints_of, lock_together
from niaga.stock.rules.load_list import LoadFact

OVERLOOKED = timedelta(minutes=3)
MOST = 200


def visible_shipments(*, by: Actor) -> QuerySet[Shipment]:
    """Shipments of the deliveries that the person may see."""
    return Shipment.objects.filter(access_of(by).filter("delivery")).select_related(
        "delivery__customer", "delivery__joint", "carrier"
    )  # fmt: skip


def matching_shipments(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By the delivery's number, the customer or the tracking number."""
    return rows.filter(
        Q(delivery__number__icontains=text) | Q(delivery__joint__number__icontains=text)
        | Q(delivery__customer__name__icontains=text)
        | Q(tracking__istartswith=text)
    )  # fmt: skip


def get_shipment(*, shipment_id: UUID, by: Actor) -> Shipment:
    """:raises NotFound: none, or none that the person may see"""
    found = visible_shipments(by=by).filter(pk=shipment_id).first()
    if found is None:
        raise NotFound()
    return found


def lock_deliveries_of(*, shipment_ids: Collection[UUID]) -> None:
    """Lock the deliveries of shipments, and what travels with them: always before the shipments themselves, as a visit
    at a door does. What is told of a shipment moves its delivery too."""
    ids = set(Shipment.objects.filter(pk__in=list(shipment_ids)).values_list("delivery_id", flat=True))
    if ids:
        lock_together(delivery_ids=ids)


def lock_shipment(*, shipment_id: UUID) -> Shipment:
    """The shipment, locked after its delivery. The verb checks access.

    :raises NotFound: no such shipment
    """
    lock_deliveries_of(shipment_ids=[shipment_id])
    rows = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "delivery")
    found = rows.filter(pk=shipment_id).first()
    if found is None:
        raise NotFound()
    return found


def label_of(*, shipment_id: UUID) -> bytes:
    """The label's bytes. The caller has checked that its reader may see the shipment.

    :raises NotFound: it has none
    """
    found = ShipmentLabel.objects.filter(shipment_id=shipment_id).values_list("content", flat=True).first()
    if found is None:
        raise NotFound()
    return bytes(found)


def deliveries_to_book(*, by: Actor) -> QuerySet[Any]:
    """Deliveries that leave or have left and have no shipment yet, the oldest first."""
    busy = Shipment.objects.filter(status__in=[status.value for status in OPEN])
    rows = visible_deliveries(by=by).filter(status__in=("draft", "picking", "shipped"))
    rows = rows.exclude(pk__in=busy.values("delivery_id"))
    rows = rows.exclude(joint_id__in=busy.filter(delivery__joint__isnull=False).values("delivery__joint_id"))
    return rows.select_related("customer", "warehouse", "joint").order_by("planned_date", "joint", "created_at")


def parcel_of(shipment: Shipment) -> Parcel:
    """What a carrier is told of it. The receiver is the address that is frozen on the delivery."""
    delivery = shipment.delivery
    branch, to = shipment.branch, delivery.address
    return Parcel(
        key=shipment.id.hex, number=str(delivery.joint or delivery.number), service=shipment.service,
        sender={"name": shipment.company.name, "street": branch.street, "city": branch.city, "phone": branch.phone},
        receiver={
            name: str(to.get(name) or "") for name in ("name", "street", "district", "city", "province", "postcode",
                                                       "phone")
        },
        parcels=shipment.parcels, weight_grams=shipment.weight_grams, pickup_date=shipment.pickup_date,
        provider_id=shipment.provider_id,
    )  # fmt: skip


def for_call(shipment_id: UUID, statuses: Collection[Status]) -> QuerySet[Shipment]:
    """A shipment for a job that calls its carrier, unless another worker has it."""
    rows = Shipment.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("carrier", "delivery__joint", "branch", "company").filter(
        pk=shipment_id, status__in=statuses
    )


def due_bookings(*, at: datetime) -> list[UUID]:
    """To be booked, or asked for a price, now: whose next attempt is due, and those that nobody was told of."""
    due = Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, created_at__lt=at - OVERLOOKED)
    rows = Shipment.objects.filter(due, status__in=(Status.QUEUED, Status.QUOTING)).order_by("created_at")
    return list(rows.values_list("id", flat=True)[:MOST])


def due_asks(*, at: datetime) -> list[UUID]:
    """To be asked for now: whether they were booked, and where they are."""
    rows = Shipment.objects.filter(status__in=(*ASKED, Status.UNCERTAIN), next_ask_at__lte=at)
    return list(rows.order_by("next_ask_at").values_list("id", flat=True)[:MOST])


def labels_to_fetch(*, at: datetime) -> list[UUID]:
    rows = Shipment.objects.filter(has_label=True, label=None, status__in=ASKED)
    return list(rows.filter(created_at__gt=at - timedelta(days=7)).values_list("id", flat=True)[:MOST])


def shipments_of_delivery(delivery_id: UUID) -> QuerySet[Any, Any]:
    """For the delivery's page, its own and what it travels with, the newest first; who asks may see the delivery."""
    rows = Shipment.objects.filter(Q(delivery_id=delivery_id) | Q(delivery__joint_id__in=joints_of([delivery_id])))
    rows = rows.order_by("-created_at", "-id")
    return rows.values(
        "id", "status", "service", "tracking", "cost", "currency", "expected_date", "has_label",
        carrier_name=F("carrier__name"), kind=F("carrier__kind"), page=F("carrier__tracking_url"),
        label_at=F("label__at"),
    )[:10]  # fmt: skip


def parcels_of(delivery_ids: Sequence[UUID], day: date) -> Mapping[UUID, LoadFact]:
    """Parcels and weight of deliveries as they were booked; one statement. The caller may see the deliveries."""
    rows = Shipment.objects.filter(delivery_id__in=delivery_ids, status__in=[one.value for one in OPEN])
    return {
        delivery_id: LoadFact(parcels, grams)
        for delivery_id, parcels, grams in rows.values_list("delivery_id", "parcels", "weight_grams")
    }

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.errors import NothingToDeliver
from niaga.sales.queries.documents import visible_orders
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.shipping.queries.shipments import deliveries_to_book
from niaga.shipping.rules.offer import PAGES
from niaga.shipping.rules.visit import Position, Visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.stock.queries.deliveries import get_delivery
from niaga.stock.queries.picking import visible_routes
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day

_DOOR = Position(Decimal("-7.2575"), Decimal("112.7521"), 14)
_TOLD = (
    ("in_transit", "Diterima di gudang asal", "Surabaya", 9),
    ("in_transit", "Berangkat ke kota tujuan", "Surabaya", 5),
    ("out", "Dibawa kurir", "Malang", 2),
)


@transaction.atomic
def open_demo_shipping(*, company_id: UUID, driver_id: UUID | None, by: Actor, at: datetime) -> None:
    """Send what has left with the own fleet and a courier: one is on its way, one found a closed shop, one arrived; and
    a day's round for the driver's phone."""
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
    _round(_drawn_up(by=by, at=at), driver_id, by=by, at=at)


def _drawn_up(*, by: Actor, at: datetime) -> list[Any]:
    """Up to four deliveries of one warehouse, of orders that wait; what is not held stays where it is."""
    made: list[Any] = []
    for order in visible_orders(by=by).filter(status="confirmed", delivery_progress="none").order_by("date", "id"):
        if len(made) == 4 or (made and order.warehouse_id != made[0].warehouse_id):
            continue
        with suppress(NothingToDeliver):
            delivery_id = deliver_order(order_id=order.id, by=by, at=at)
            made.append(get_delivery(delivery_id=delivery_id, by=by))
    return made


def _round(deliveries: list[Any], driver_id: UUID | None, *, by: Actor, at: datetime) -> None:
    """Today's route of the driver: all but one are loaded, one is delivered, one shop was closed."""
    if not deliveries:
        return
    day = today(at=at, zone=deliveries[0].branch.zone)
    plan_day(
        warehouse_id=deliveries[0].warehouse_id, date=day, delivery_ids=[one.id for one in deliveries], by=by, at=at
    )
    for route in visible_routes(by=by, date=day):
        name_driver(route_id=route.id, driver_user_id=driver_id, by=by, at=at)
    for one in deliveries[:-1]:
        ship_order_delivery(delivery_id=one.id, by=by, at=at)
    told = [
        Visit(new_id(), "delivered", at, "Pak Wahyu", position=_DOOR, arrived_at=at),
        Visit(new_id(), "failed", at, reason="closed"),
    ]
    for one, visit in zip(deliveries, told, strict=False):
        record_visit(delivery_id=one.id, visit=visit, by=by, at=at)

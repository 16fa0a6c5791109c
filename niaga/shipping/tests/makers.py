"""A company with carriers, and deliveries for them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.clock import today as day_at
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.shipping.models import Carrier, Shipment
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.stock.models import RouteStop, Warehouse
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day
from tests.makers import NOW, World, make_confirmed_order, make_product, make_user

SECRET = "kunci-kurir-71aa"


def make_carrier(world: World, kind: str = "by_hand", **details: Any) -> Carrier:
    given = {"kind": kind, "name": kind.title(), **details}
    if kind == "rest":
        given.setdefault("base_url", "https://kurir.example/v1")
        given.setdefault("secret", SECRET)
    key = save_carrier(details=CarrierDetails(**given), company_id=world.company.id, by=SYSTEM, at=NOW)
    return Carrier.objects.get(pk=key)


def make_delivery(world: World, *, shipped: bool = True, quantity: int = 5, **order: Any) -> UUID:
    product = make_product(world, stock=100)
    confirmed = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(quantity))], **order)
    delivery_id = deliver_order(order_id=confirmed.id, by=SYSTEM, at=NOW)
    if shipped:
        ship_order_delivery(delivery_id=delivery_id, by=SYSTEM, at=NOW)
    return delivery_id


def make_shipment(world: World, carrier: Carrier, *, delivery_id: UUID | None = None, **details: Any) -> Shipment:
    delivery_id = delivery_id or make_delivery(world)
    [key] = book_shipments(
        delivery_ids=[delivery_id], carrier_id=carrier.id, details=ShipmentDetails(**details), by=SYSTEM, at=NOW
    )
    return Shipment.objects.get(pk=key)


def make_driver(world: World, name: str = "Budi") -> User:
    return make_user(world.company, "driver", name=name)


def make_round(
    world: World, driver: User, *, count: int = 2, shipped: bool = True, quantity: int = 5, at: datetime = NOW,
    **order: Any,
) -> list[UUID]:  # fmt: skip
    """Deliveries of today in a route of the driver, in its order."""
    found = [make_delivery(world, shipped=False, quantity=quantity, **order) for _turn in range(count)]
    warehouse = Warehouse.objects.get(company=world.company)
    today = day_at(at=at, zone=world.branch.zone)
    plan_day(warehouse_id=warehouse.id, date=today, delivery_ids=found, by=SYSTEM, at=at)
    for route_id in set(RouteStop.objects.filter(delivery_id__in=found).values_list("route_id", flat=True)):
        name_driver(route_id=route_id, driver_user_id=driver.id, by=SYSTEM, at=at)
    if shipped:
        for one in found:
            ship_order_delivery(delivery_id=one, by=SYSTEM, at=at)
    stops = RouteStop.objects.filter(delivery_id__in=found).order_by("position")
    return list(stops.values_list("delivery_id", flat=True))

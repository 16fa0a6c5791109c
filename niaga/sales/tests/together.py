"""Deliveries of one customer to one door, and such as travel together."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.models import Product
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.stock.services.put_together import put_together
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_product


def make_waiting(
    world: World, customer: Customer | None = None, *, product: Product | None = None, quantity: int = 5, **order: Any
) -> UUID:  # fmt: skip
    """A delivery of an order of its own that waits to leave."""
    product = product or make_product(world, stock=100)
    line = LineInput(product_id=product.id, quantity=Decimal(quantity))
    confirmed = make_confirmed_order(world, [line], customer=customer or make_customer(world), **order)
    return deliver_order(order_id=confirmed.id, by=SYSTEM, at=NOW)


def make_joint(
    world: World, *, count: int = 3, customer: Customer | None = None, **order: Any
) -> tuple[UUID, list[UUID]]:
    """A joint delivery of so many orders of one customer, and its deliveries in the order of their numbers."""
    customer = customer or make_customer(world)
    found = [make_waiting(world, customer, **order) for _turn in range(count)]
    return put_together(delivery_ids=found, by=SYSTEM, at=NOW), found

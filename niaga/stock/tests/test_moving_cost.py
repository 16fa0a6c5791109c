"""What goods are worth as they come and go, and what the books say of it."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from niaga.core.registry import invariants
from niaga.ledger.models import JournalLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.models import StockCost, StockMove, Warehouse
from niaga.stock.services import (
    StockItem,
    adjust_stock,
    create_warehouse,
    draft_count,
    enter_count,
    post_count,
    receive_goods,
    transfer_stock,
)
from tests.makers import NOW, World, make_bundle, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def receive(world: World, product_id: UUID, quantity: str | int, cost: str | int | None = None, **more) -> UUID:
    item = StockItem(D(quantity), product_id=product_id, unit_cost=None if cost is None else D(cost))
    return receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW, **more).id


def ship(world: World, product_id: UUID, quantity: str | int) -> UUID:
    order = make_confirmed_order(world, [LineInput(product_id=product_id, quantity=D(quantity))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    return delivery_id


def worth(product_id: UUID) -> tuple[Decimal, Decimal, Decimal | None]:
    return StockCost.objects.values_list("quantity", "value", "average").get(product_id=product_id)


def booked(source_id: UUID) -> dict[str, Decimal]:
    return dict(JournalLine.objects.filter(entry__source_id=source_id).values_list("role", "amount"))


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def assert_promises_hold() -> None:
    with connection.cursor() as cursor:
        for name, check in invariants:
            if "stock" in name or "journal" in name:
                cursor.execute(check.sql)
                assert cursor.fetchall() == [], name


def test_goods_that_come_at_another_cost_move_the_average():
    world = make_world()
    coffee = make_product(world)

    first = receive(world, coffee.id, 10, 1_000)
    receive(world, coffee.id, 5, 4_000)

    assert worth(coffee.id) == (15, 30_000, 2_000)
    assert booked(first) == {"inventory": 10_000, "goods_received": -10_000}
    assert_promises_hold()


def test_what_ships_takes_its_share_and_the_last_piece_takes_the_rest():
    world = make_world()
    coffee = make_product(world)
    receive(world, coffee.id, 3, "33.333333")

    sent = [ship(world, coffee.id, 1) for _turn in range(3)]

    values = [StockMove.objects.get(source_id=one).value for one in sent]
    assert values == [-33, -34, -33]
    assert worth(coffee.id) == (0, 0, D("33"))
    assert booked(sent[0]) == {"cost_of_sales": 33, "inventory": -33}
    assert_promises_hold()

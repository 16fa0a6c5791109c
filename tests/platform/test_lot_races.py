"""What holds when many reach for the same lots: real processes, each with its own connection."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from niaga.core.ids import new_id
from niaga.organization.access import SYSTEM
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.contributions import _PROMISES
from niaga.stock.models import Lot, LotLevel, LotPick, StockLevel, Warehouse
from niaga.stock.services import StockItem, receive_goods
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.start_lots import start_lots
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world
from tests.platform.test_races import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]
EARLY, LATE = date(2027, 1, 31), date(2027, 6, 30)


def make_milk(world: World, early: int, late: int) -> UUID:
    milk = make_product(world)
    start_lots(product_id=milk.id, by=SYSTEM, at=NOW)
    lots = (LotGiven("A", Decimal(early), EARLY), LotGiven("B", Decimal(late), LATE))
    items = [StockItem(Decimal(early + late), product_id=milk.id, lots=lots)]
    receive_goods(branch_id=world.branch.id, items=items, by=SYSTEM, at=NOW)
    return milk.id


def make_deliveries(world: World, milk: UUID, count: int, pieces: int) -> list[UUID]:
    lines = [LineInput(product_id=milk, quantity=Decimal(pieces))]
    orders = [make_confirmed_order(world, lines).id for _number in range(count)]
    return [deliver_order(order_id=order_id, by=SYSTEM, at=NOW) for order_id in orders]


def lots_add_up() -> bool:
    sql = next(sql for name, _promise, sql in _PROMISES if name == "lots_add_up")
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return not cursor.fetchall()


def test_the_last_pieces_of_a_lot_leave_once_when_deliveries_ship_at_once():
    world = make_world()
    milk = make_milk(world, 5, 7)
    deliveries = make_deliveries(world, milk, 4, 3)

    said = race([partial(_ship, one) for one in deliveries])

    assert said == ["shipped"] * 4
    assert dict(LotLevel.objects.values_list("lot__number", "on_hand")) == {"A": 0, "B": 0}
    assert StockLevel.objects.get(product_id=milk).on_hand == 0
    assert lots_add_up()


def test_two_plans_at_once_propose_no_piece_of_a_lot_twice():
    world = make_world()
    milk = make_milk(world, 4, 20)
    deliveries = make_deliveries(world, milk, 4, 3)
    place = Warehouse.objects.get(company=world.company).id

    race([partial(_plan, place, one) for one in deliveries])

    proposed = list(LotPick.objects.values_list("lot__number", "quantity"))
    assert sum(quantity for number, quantity in proposed if number == "A") == 4
    assert sum(quantity for _number, quantity in proposed) == 12


def test_nothing_leaves_of_a_lot_after_it_was_blocked_while_others_shipped():
    world = make_world()
    milk = make_milk(world, 12, 12)
    deliveries = make_deliveries(world, milk, 3, 4)
    lot = Lot.objects.get(number="A")

    said = race([*(partial(_ship, one) for one in deliveries), partial(_block, lot.id)])

    assert said == ["shipped"] * 3 + ["blocked"]
    left = LotLevel.objects.get(lot=lot)
    assert left.is_barred
    assert StockLevel.objects.get(product_id=milk).barred == left.on_hand
    assert lots_add_up()


def test_a_new_lot_that_two_receive_at_once_is_one():
    world = make_world()
    milk = make_milk(world, 1, 1)

    said = race([partial(_receive, world.branch.id, milk) for _turn in range(3)])

    assert said == ["received"] * 3
    assert Lot.objects.filter(number="C").count() == 1
    assert LotLevel.objects.get(lot__number="C").on_hand == 15
    assert lots_add_up()


def _ship(delivery_id: UUID) -> str:
    ship_order_delivery(delivery_id=delivery_id, by=SYSTEM, at=NOW)
    return "shipped"


def _plan(warehouse_id: UUID, delivery_id: UUID) -> str:
    plan_day(warehouse_id=warehouse_id, date=NOW.date(), delivery_ids=[delivery_id], by=SYSTEM, at=NOW)
    return "planned"


def _block(lot_id: UUID) -> str:
    block_lot(lot_id=lot_id, reason="Ditarik", by=SYSTEM, at=NOW)
    return "blocked"


def _receive(branch_id: UUID, milk: UUID) -> str:
    items = [StockItem(Decimal(5), product_id=milk, lots=(LotGiven("C", None, LATE),))]
    receive_goods(branch_id=branch_id, items=items, reference=str(new_id()), by=SYSTEM, at=NOW)
    return "received"

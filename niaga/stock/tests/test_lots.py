from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from niaga.catalog.models import Product
from niaga.core.ids import new_id
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import (
    BadStockLines,
    LotNotGood,
    LotsHere,
    LotsMissing,
    LotsShort,
    NotEnoughFree,
    OtherLot,
    ReasonMissing,
)
from niaga.stock.models import Delivery, Lot, LotLevel, LotPick, PickLine, StockLevel, StockMove, Warehouse
from niaga.stock.queries.availability import availability
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
from niaga.stock.services.bar_expired import bar_expired
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.choose_lots import choose_lots
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.stop_lots import stop_lots
from niaga.stock.services.take_lines import take_lines
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2027, 1, 31), date(2027, 6, 30)


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def make_milk(world: World, *lots: tuple[str, int, date]) -> Product:
    """A product that is kept by lot, with these lots received: number, pieces, last day."""
    milk = make_product(world)
    start_lots(product_id=milk.id, by=world.owner, at=NOW)
    if lots:
        receive_lots(world, milk, *lots)
    return milk


def receive_lots(world: World, milk: Product, *lots: tuple[str, int, date]) -> None:
    given = tuple(LotGiven(number, Decimal(pieces), day) for number, pieces, day in lots)
    total = sum(pieces for _number, pieces, _day in lots)
    item = StockItem(Decimal(total), product_id=milk.id, unit_cost=Decimal(1000), lots=given)
    receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW)


def levels(milk: Product) -> dict[str, Decimal]:
    return dict(LotLevel.objects.filter(product=milk).values_list("lot__number", "on_hand"))


def free(world: World, milk: Product) -> Decimal:
    return availability(product_ids=[milk.id], company_id=world.company.id)[milk.id].free


def make_delivery(world: World, milk: Product, pieces: int) -> Delivery:
    order = make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=Decimal(pieces))])
    return Delivery.objects.get(pk=deliver_order(order_id=order.id, by=world.owner, at=NOW))


def moved(delivery: Delivery) -> dict[str, Decimal]:
    return dict(StockMove.objects.filter(source_id=delivery.id).values_list("lot__number", "quantity"))


def test_a_line_is_received_in_several_lots_that_add_up_to_its_level():
    world = make_world()

    milk = make_milk(world, ("A", 10, EARLY), ("B", 5, LATE))

    assert levels(milk) == {"A": 10, "B": 5}
    assert StockLevel.objects.get(product=milk).on_hand == 15


def test_what_expires_first_leaves_first():
    world = make_world()
    milk = make_milk(world, ("LATE", 10, LATE), ("EARLY", 4, EARLY))
    delivery = make_delivery(world, milk, 6)

    ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert moved(delivery) == {"EARLY": -4, "LATE": -2}
    assert levels(milk) == {"EARLY": 0, "LATE": 8}


def test_shipping_goods_without_lots_asks_nothing_of_lots():
    world = make_world()
    plain = make_product(world, stock=50)
    delivery = make_delivery(world, plain, 6)

    with CaptureQueriesContext(connection) as asked:
        ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert not [
        one for one in asked.captured_queries if "stock_lotlevel" in one["sql"] or "stock_lotpick" in one["sql"]
    ]


def test_a_lot_is_needed_and_its_day_when_it_is_new():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY))

    two, one = Decimal(2), Decimal(1)
    for lots, code in (
        ((), "lot_missing"), ((LotGiven("B"),), "unknown_lot"), ((LotGiven("A", None, LATE),), "other_day"),
        ((LotGiven("A", two), LotGiven("A", one)), "bad_lot"), ((LotGiven("A", two),), "lot_quantity"),
    ):  # fmt: skip
        with pytest.raises(BadStockLines) as refused:
            receive_goods(
                branch_id=world.branch.id, items=[StockItem(Decimal(3), product_id=milk.id, lots=lots)],
                by=world.owner, at=NOW,
            )  # fmt: skip
        assert [line["code"] for line in refused.value.lines] == [code]

    assert levels(milk) == {"A": 10}
    assert Lot.objects.count() == 1


def test_the_database_lets_no_goods_that_are_kept_by_lot_move_without_one():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY))

    with pytest.raises(IntegrityError, match="move by lot"), transaction.atomic():
        StockMove.objects.create(
            company_id=world.company.id, warehouse=main(world), product=milk, quantity=1, reason="adjustment",
            source_kind="adjustment", source_id=new_id(), at=NOW,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="lot_not_below_nothing"), transaction.atomic():
        StockMove.objects.create(
            company_id=world.company.id, warehouse=main(world), product=milk, quantity=-11, reason="adjustment",
            source_kind="adjustment", source_id=new_id(), lot=Lot.objects.get(), at=NOW,
        )  # fmt: skip


def test_a_blocked_lot_is_neither_promised_nor_shipped_until_it_is_let_go():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY), ("B", 5, LATE))
    lot = Lot.objects.get(number="A")

    block_lot(lot_id=lot.id, reason="Tercemar", by=world.owner, at=NOW)

    assert free(world, milk) == 5
    delivery = make_delivery(world, milk, 5)
    ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)
    assert moved(delivery) == {"B": -5}
    block_lot(lot_id=lot.id, reason="Hasil uji baik", is_block=False, by=world.owner, at=NOW)
    assert free(world, milk) == 10


def test_blocking_a_lot_needs_a_reason():
    world = make_world()
    make_milk(world, ("A", 10, EARLY))

    with pytest.raises(ReasonMissing):
        block_lot(lot_id=Lot.objects.get().id, reason=" ", by=world.owner, at=NOW)

    assert Lot.objects.get().blocked_at is None


def test_on_its_day_a_lot_is_promised_to_nobody_anymore():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY), ("B", 5, LATE))
    the_day = NOW.replace(year=EARLY.year, month=EARLY.month, day=EARLY.day)

    assert bar_expired(at=the_day - timedelta(days=1)) == 0
    assert free(world, milk) == 15
    assert bar_expired(at=the_day) == 1

    assert free(world, milk) == 5
    assert bar_expired(at=the_day) == 0


def test_what_was_promised_before_a_lot_was_blocked_does_not_leave_from_it():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY))
    delivery = make_delivery(world, milk, 4)
    block_lot(lot_id=Lot.objects.get().id, reason="Ditarik", by=world.owner, at=NOW)

    with pytest.raises(LotsShort) as refused:
        ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert [(line["wanted"], line["available"]) for line in refused.value.lines] == [(4, 0)]
    assert levels(milk) == {"A": 10}


def test_keeping_a_product_by_lot_asks_for_the_lots_of_what_is_there():
    world = make_world()
    milk = make_product(world, stock=12)
    place = main(world)

    with pytest.raises(LotsMissing):
        start_lots(product_id=milk.id, by=world.owner, at=NOW)
    milk.refresh_from_db()
    assert milk.by_lot is False

    lots = {place.id: [LotGiven("A", Decimal(7), EARLY), LotGiven("B", Decimal(5), LATE)]}
    start_lots(product_id=milk.id, lots=lots, by=world.owner, at=NOW)

    assert levels(milk) == {"A": 7, "B": 5}
    assert StockLevel.objects.get(product=milk).on_hand == 12


def test_a_product_stops_being_kept_by_lot_only_when_none_is_there():
    world = make_world()
    milk = make_milk(world, ("A", 2, EARLY))

    with pytest.raises(LotsHere):
        stop_lots(product_id=milk.id, by=world.owner, at=NOW)
    adjust_stock(
        warehouse_id=main(world).id, items=[StockItem(Decimal(-2), product_id=milk.id, lots=(LotGiven("A"),))],
        reason="Rusak", by=world.owner, at=NOW,
    )  # fmt: skip
    stop_lots(product_id=milk.id, by=world.owner, at=NOW)

    milk.refresh_from_db()
    assert milk.by_lot is False


def test_a_correction_takes_no_more_of_a_lot_than_it_has_and_no_good_lot_that_is_promised():
    world = make_world()
    milk = make_milk(world, ("A", 3, EARLY), ("B", 5, LATE))
    make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=Decimal(5))])
    block_lot(lot_id=Lot.objects.get(number="A").id, reason="Ditarik", by=world.owner, at=NOW)

    def take(number: str, pieces: int) -> None:
        item = StockItem(Decimal(-pieces), product_id=milk.id, lots=(LotGiven(number),))
        adjust_stock(warehouse_id=main(world).id, items=[item], reason="Rusak", by=world.owner, at=NOW)

    for number, pieces in (("A", 4), ("B", 1)):
        with pytest.raises(NotEnoughFree):
            take(number, pieces)
    take("A", 3)

    assert levels(milk) == {"A": 0, "B": 5}


def test_a_count_is_taken_lot_by_lot():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY), ("B", 5, LATE))
    count = draft_count(warehouse_id=main(world).id, product_ids=[milk.id], by=world.owner, at=NOW)
    first, second = count.lines.order_by("position")

    enter_count(count_id=count.id, counted={first.id: Decimal(8), second.id: Decimal(6)}, by=world.owner, at=NOW)
    post_count(count_id=count.id, by=world.owner, at=NOW)

    assert levels(milk) == {"A": 8, "B": 6}
    assert StockLevel.objects.get(product=milk).on_hand == 14


def test_a_transfer_moves_the_named_lot_or_what_expires_first():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY), ("B", 5, LATE))
    other = create_warehouse(
        company_id=world.company.id, branch_id=world.branch.id, code="Z2", name="Dua", by=world.owner, at=NOW
    )

    def move(pieces: int, *lots: LotGiven) -> None:
        items = [StockItem(Decimal(pieces), product_id=milk.id, lots=lots)]
        transfer_stock(source_id=main(world).id, target_id=other.id, items=items, by=world.owner, at=NOW)

    move(2, LotGiven("B"))
    move(3)

    there = dict(LotLevel.objects.filter(warehouse=other).values_list("lot__number", "on_hand"))
    assert there == {"A": 3, "B": 2}
    with pytest.raises(BadStockLines):
        move(1, LotGiven("C", None, LATE))


def make_list(world: World, delivery: Delivery) -> Any:
    plan = plan_day(warehouse_id=main(world).id, date=NOW.date(), delivery_ids=[delivery.id], by=world.owner, at=NOW)
    take_lines(pick_list_id=plan.list_ids[0], by=world.owner, at=NOW)
    return PickLine.objects.get(pick_list_id=plan.list_ids[0])


def picks(delivery: Delivery) -> dict[str, Decimal]:
    rows = LotPick.objects.filter(delivery_line__delivery=delivery)
    return dict(rows.values_list("lot__number", "quantity"))


def test_a_pick_list_proposes_what_expires_first_and_no_piece_twice():
    world = make_world()
    milk = make_milk(world, ("A", 4, EARLY), ("B", 10, LATE))
    first, second = make_delivery(world, milk, 3), make_delivery(world, milk, 3)

    make_list(world, first)
    make_list(world, second)

    assert picks(first) == {"A": 3}
    assert picks(second) == {"A": 1, "B": 2}


def test_a_picker_takes_another_lot_only_with_a_reason_and_that_one_leaves():
    world = make_world()
    milk = make_milk(world, ("A", 4, EARLY), ("B", 10, LATE))
    delivery = make_delivery(world, milk, 3)
    line = make_list(world, delivery)

    def pick(number: str, reason: str = "") -> None:
        record_pick(
            key=new_id(), line_id=line.id, quantity=Decimal(3), lots=[(number, Decimal(3))], reason=reason,
            by=world.owner, at=NOW,
        )  # fmt: skip

    with pytest.raises(ReasonMissing):
        pick("B")
    with pytest.raises(OtherLot):
        pick("C", "Tidak ketemu")
    assert picks(delivery) == {"A": 3}
    pick("B", "A di belakang")
    ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert moved(delivery) == {"B": -3}


def test_what_was_fetched_of_a_lot_that_is_blocked_meanwhile_does_not_leave():
    world = make_world()
    milk = make_milk(world, ("A", 4, EARLY), ("B", 10, LATE))
    delivery = make_delivery(world, milk, 3)
    line = make_list(world, delivery)
    record_pick(key=new_id(), line_id=line.id, quantity=Decimal(3), by=world.owner, at=NOW)
    block_lot(lot_id=Lot.objects.get(number="A").id, reason="Ditarik", by=world.owner, at=NOW)

    with pytest.raises(LotNotGood):
        ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert levels(milk) == {"A": 4, "B": 10}


def test_lots_are_chosen_for_a_delivery_without_a_pick_list():
    world = make_world()
    milk = make_milk(world, ("A", 4, EARLY), ("B", 10, LATE))
    delivery = make_delivery(world, milk, 3)
    line = delivery.lines.get()

    with pytest.raises(ReasonMissing):
        choose_lots(delivery_id=delivery.id, lots={line.id: [("B", Decimal(3))]}, by=world.owner, at=NOW)
    choose_lots(
        delivery_id=delivery.id, lots={line.id: [("B", Decimal(3))]}, reason="Permintaan pelanggan", by=world.owner,
        at=NOW,
    )  # fmt: skip
    ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    assert moved(delivery) == {"B": -3}

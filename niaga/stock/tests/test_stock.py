from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, NotFound, StaleVersion, WrongState
from niaga.core.ids import new_id
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import (
    BadStockLines,
    NotEnoughFree,
    OverReceived,
    ReasonMissing,
    SameWarehouse,
    WarehouseInUse,
)
from niaga.stock.models import (
    Adjustment,
    AdjustmentLine,
    Delivery,
    DeliveryLine,
    ExpectedReceipt,
    ExpectedReceiptLine,
    ProofOfDelivery,
    Receipt,
    Reservation,
    StockLevel,
    StockMove,
    Transfer,
    Warehouse,
)
from niaga.stock.queries.availability import availability
from niaga.stock.services import (
    StockItem,
    adjust_stock,
    archive_warehouse,
    cancel_count,
    cancel_expected,
    change_warehouse,
    create_warehouse,
    deliver_goods,
    draft_count,
    enter_count,
    expect_receipt,
    pick_delivery,
    post_count,
    receive_expected,
    receive_goods,
    transfer_stock,
)
from niaga.stock.services.create_warehouse import CodeTaken
from tests.makers import NOW, World, make_branch, make_confirmed_order, make_product, make_user, make_world

pytestmark = pytest.mark.django_db


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def second(world: World) -> Warehouse:
    return create_warehouse(
        company_id=world.company.id, branch_id=world.branch.id, code="Z2", name="Gudang 2", by=world.owner, at=NOW
    )


def level(warehouse: Warehouse, product_id: UUID) -> tuple[Decimal, Decimal]:
    return StockLevel.objects.values_list("on_hand", "reserved").get(warehouse=warehouse, product_id=product_id)


def test_goods_received_are_on_hand_with_their_cost():
    world = make_world()
    coffee = make_product(world)

    receipt = receive_goods(
        branch_id=world.branch.id, items=[StockItem(Decimal(12), sku=coffee.sku, unit_cost=Decimal(70_000))],
        supplier="PT Kebun", by=world.owner, at=NOW,
    )  # fmt: skip

    assert receipt.number == "RC-2026-00001"
    assert level(main(world), coffee.id) == (12, 0)
    move = StockMove.objects.get(source_id=receipt.id)
    assert (move.quantity, move.unit_cost, move.reason) == (12, 70_000, "receipt")


def test_a_receipt_of_lines_that_cannot_be_answers_each_and_changes_nothing():
    world = make_world()
    coffee = make_product(world)

    with pytest.raises(BadStockLines) as refused:
        receive_goods(
            branch_id=world.branch.id, by=world.owner, at=NOW,
            items=[
                StockItem(Decimal(1), sku=coffee.sku), StockItem(Decimal(-1), sku=coffee.sku),
                StockItem(Decimal(1), sku="NO-SUCH"), StockItem(Decimal(10) ** 13, sku=coffee.sku),
                StockItem(Decimal("1.5"), sku=coffee.sku), StockItem(Decimal(1), sku=coffee.sku, unit="barrel"),
            ],
        )  # fmt: skip

    assert [(line["line"], line["code"]) for line in refused.value.lines] == [
        (2, "quantity_not_positive"), (3, "unknown_product"), (4, "negative_or_absurd"), (5, "too_many_digits"),
        (6, "unknown_unit"),
    ]  # fmt: skip
    assert not Receipt.objects.exists()
    assert not StockMove.objects.exists()


def test_receiving_a_thousand_lines_costs_the_same_statements_as_one():
    world = make_world()
    one = make_product(world)
    items = [StockItem(Decimal(2), product_id=one.id)]

    with CaptureQueriesContext(
        connection,
    ) as single:
        receive_goods(branch_id=world.branch.id, items=items, by=world.owner, at=NOW)
    with CaptureQueriesContext(connection) as thousand:
        receive_goods(branch_id=world.branch.id, items=items * 1000, by=world.owner, at=NOW)

    assert len(thousand) <= len(single)
    assert level(main(world), one.id) == (2002, 0)


def test_an_adjustment_adds_and_takes_away_with_its_reason():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world)

    adjustment = adjust_stock(
        warehouse_id=main(world).id, reason="rusak kena air", by=world.owner, at=NOW,
        items=[StockItem(Decimal(-3), sku=coffee.sku), StockItem(Decimal(4), sku=sugar.sku)],
    )  # fmt: skip

    assert (adjustment.number, adjustment.reason) == ("ADJ-2026-00001", "rusak kena air")
    assert level(main(world), coffee.id) == (7, 0)
    assert level(main(world), sugar.id) == (4, 0)


def test_an_adjustment_never_takes_what_is_reserved_for_an_order():
    world = make_world()
    coffee = make_product(world, stock=10)
    make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])

    with pytest.raises(NotEnoughFree) as refused:
        adjust_stock(
            warehouse_id=main(world).id, items=[StockItem(Decimal(-3), sku=coffee.sku)], reason="hilang",
            by=world.owner, at=NOW,
        )  # fmt: skip

    assert (refused.value.lines[0]["wanted"], refused.value.lines[0]["available"]) == (3, 2)
    assert level(main(world), coffee.id) == (10, 8)
    assert not Adjustment.objects.exists()


def test_an_adjustment_needs_a_reason_and_a_right():
    world = make_world()
    coffee = make_product(world, stock=10)
    items = [StockItem(Decimal(-1), sku=coffee.sku)]
    seller = make_user(world.company, "salesperson")

    with pytest.raises(ReasonMissing):
        adjust_stock(warehouse_id=main(world).id, items=items, reason=" ", by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        adjust_stock(warehouse_id=main(world).id, items=items, reason="hilang", by=seller, at=NOW)

    assert level(main(world), coffee.id) == (10, 0)


def test_a_warehouse_person_receives_goods_at_the_own_branch_only():
    world = make_world()
    coffee = make_product(world)
    elsewhere = make_branch(world)
    person = make_user(world.company, "warehouse", branch_id=elsewhere.id)
    items = [StockItem(Decimal(5), sku=coffee.sku)]

    with pytest.raises(Forbidden):
        receive_goods(branch_id=world.branch.id, items=items, by=person, at=NOW)
    with pytest.raises(Forbidden):
        receive_goods(branch_id=elsewhere.id, warehouse_id=main(world).id, items=items, by=person, at=NOW)

    assert not Receipt.objects.exists()
    assert not StockLevel.objects.filter(product_id=coffee.id, on_hand__gt=0).exists()


def test_goods_moved_between_warehouses_leave_one_and_reach_the_other():
    world = make_world()
    coffee = make_product(world, stock=10)
    target = second(world)

    transfer = transfer_stock(
        source_id=main(world).id, target_id=target.id, items=[StockItem(Decimal(4), sku=coffee.sku)], by=world.owner,
        at=NOW,
    )  # fmt: skip

    assert transfer.number == "TR-2026-00001"
    assert (level(main(world), coffee.id), level(target, coffee.id)) == ((6, 0), (4, 0))


def test_more_than_is_free_is_never_moved_nor_within_one_warehouse():
    world = make_world()
    coffee = make_product(world, stock=10)
    target = second(world)
    make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])
    items = [StockItem(Decimal(3), sku=coffee.sku)]

    with pytest.raises(NotEnoughFree):
        transfer_stock(source_id=main(world).id, target_id=target.id, items=items, by=world.owner, at=NOW)
    with pytest.raises(SameWarehouse):
        transfer_stock(source_id=target.id, target_id=target.id, items=items, by=world.owner, at=NOW)

    assert not Transfer.objects.exists()
    assert level(main(world), coffee.id) == (10, 8)


def test_a_count_makes_what_was_counted_what_is_on_hand():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=20)
    count = draft_count(warehouse_id=main(world).id, by=world.owner, at=NOW)
    lines = dict(AdjustmentLine.objects.filter(adjustment=count).values_list("product_id", "id"))

    enter_count(count_id=count.id, counted={lines[coffee.id]: Decimal(9)}, version=1, by=world.owner, at=NOW)
    post_count(count_id=count.id, by=world.owner, at=NOW)

    assert (count.number, Adjustment.objects.get(pk=count.id).status) == ("CNT-2026-00001", "posted")
    assert level(main(world), coffee.id) == (9, 0)
    assert level(main(world), sugar.id) == (20, 0)
    assert StockMove.objects.get(source_id=count.id).quantity == -1


def test_goods_that_move_during_a_count_are_not_counted_as_missing():
    world = make_world()
    coffee = make_product(world, stock=10)
    count = draft_count(warehouse_id=main(world).id, by=world.owner, at=NOW)
    line_id = AdjustmentLine.objects.get(adjustment=count).id
    removal = [StockItem(Decimal(-2), sku=coffee.sku)]

    adjust_stock(warehouse_id=main(world).id, items=removal, reason="contoh", by=world.owner, at=NOW)
    enter_count(count_id=count.id, counted={line_id: Decimal(8)}, by=world.owner, at=NOW)
    adjust_stock(warehouse_id=main(world).id, items=removal, reason="contoh", by=world.owner, at=NOW)
    post_count(count_id=count.id, by=world.owner, at=NOW)

    assert level(main(world), coffee.id) == (6, 0)


def test_a_count_refuses_a_stale_save_absurd_figures_and_a_second_posting():
    world = make_world()
    make_product(world, stock=10)
    count = draft_count(warehouse_id=main(world).id, by=world.owner, at=NOW)
    line_id = AdjustmentLine.objects.get(adjustment=count).id
    enter_count(count_id=count.id, counted={line_id: Decimal(9)}, version=1, by=world.owner, at=NOW)

    with pytest.raises(StaleVersion):
        enter_count(count_id=count.id, counted={line_id: Decimal(5)}, version=1, by=world.owner, at=NOW)
    with pytest.raises(BadStockLines):
        enter_count(count_id=count.id, counted={line_id: Decimal(-5)}, by=world.owner, at=NOW)
    with pytest.raises(NotFound):
        enter_count(count_id=count.id, counted={new_id(): Decimal(5)}, by=world.owner, at=NOW)
    assert AdjustmentLine.objects.get().counted == 9

    post_count(count_id=count.id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        post_count(count_id=count.id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        cancel_count(count_id=count.id, by=world.owner, at=NOW)
    assert StockMove.objects.filter(source_id=count.id).count() == 1


def test_a_count_below_what_is_reserved_is_refused_with_its_line():
    world = make_world()
    coffee = make_product(world, stock=10)
    make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])
    count = draft_count(warehouse_id=main(world).id, by=world.owner, at=NOW)
    enter_count(count_id=count.id, counted={AdjustmentLine.objects.get().id: Decimal(7)}, by=world.owner, at=NOW)

    with pytest.raises(NotEnoughFree):
        post_count(count_id=count.id, by=world.owner, at=NOW)

    assert Adjustment.objects.get().status == "draft"
    assert level(main(world), coffee.id) == (10, 8)


def test_expected_goods_are_incoming_until_they_came():
    world = make_world()
    coffee = make_product(world, stock=5)
    expected = expect_receipt(
        warehouse_id=main(world).id, supplier="PT Kebun", expected_date=date(2026, 12, 1),
        items=[StockItem(Decimal(30), sku=coffee.sku)], by=world.owner, at=NOW,
    )  # fmt: skip
    line_id = ExpectedReceiptLine.objects.get().id

    before = availability(product_ids=[coffee.id], company_id=world.company.id)[coffee.id]
    assert (before.free, before.incoming[0].quantity, before.free_on(date(2026, 12, 1))) == (5, 30, 35)

    receipt = receive_expected(expected_id=expected.id, quantities={line_id: Decimal(10)}, by=world.owner, at=NOW)
    assert (receipt.supplier, ExpectedReceipt.objects.get().status) == ("PT Kebun", "open")
    after = availability(product_ids=[coffee.id], company_id=world.company.id)[coffee.id]
    assert (after.free, after.incoming[0].quantity) == (15, 20)

    with pytest.raises(OverReceived):
        receive_expected(expected_id=expected.id, quantities={line_id: Decimal(21)}, by=world.owner, at=NOW)
    receive_expected(expected_id=expected.id, by=world.owner, at=NOW)
    assert ExpectedReceipt.objects.get().status == "received"
    assert level(main(world), coffee.id) == (35, 0)
    with pytest.raises(WrongState):
        cancel_expected(expected_id=expected.id, by=world.owner, at=NOW)


def test_expected_goods_that_were_cancelled_are_not_incoming():
    world = make_world()
    coffee = make_product(world)
    expected = expect_receipt(
        warehouse_id=main(world).id, supplier="PT Kebun", expected_date=date(2026, 12, 1),
        items=[StockItem(Decimal(30), sku=coffee.sku)], by=world.owner, at=NOW,
    )  # fmt: skip

    cancel_expected(expected_id=expected.id, by=world.owner, at=NOW)

    assert availability(product_ids=[coffee.id], company_id=world.company.id)[coffee.id].incoming == ()


def test_availability_of_many_products_is_one_statement():
    world = make_world()
    ids = [make_product(world, stock=number).id for number in (1, 2, 3)]
    place = main(world)

    with CaptureQueriesContext(connection) as asked:
        found = availability(product_ids=ids, company_id=world.company.id, warehouse_id=place.id)

    assert [found[product_id].free for product_id in ids] == [1, 2, 3]
    assert len(asked) == 1


def test_a_warehouse_is_renamed_and_archived_only_when_it_is_empty():
    world = make_world()
    coffee = make_product(world, stock=1)
    place = main(world)

    with pytest.raises(CodeTaken):
        change_warehouse(
            warehouse_id=second(world).id, code=place.code, name="Lain", branch_id=world.branch.id, by=world.owner,
            at=NOW,
        )  # fmt: skip
    with pytest.raises(WarehouseInUse):
        archive_warehouse(warehouse_id=place.id, by=world.owner, at=NOW)
    adjust_stock(
        warehouse_id=place.id, items=[StockItem(Decimal(-1), sku=coffee.sku)], reason="habis", by=world.owner, at=NOW
    )
    archive_warehouse(warehouse_id=place.id, by=world.owner, at=NOW)

    assert Warehouse.objects.get(pk=place.id).archived_at == NOW


def test_a_delivery_is_picked_shipped_and_delivered_with_proof():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)

    pick_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        deliver_goods(delivery_id=delivery_id, received_by="Pak Budi", by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    deliver_goods(delivery_id=delivery_id, received_by="Pak Budi", by=world.owner, at=NOW)

    assert Delivery.objects.get().status == "delivered"
    assert ProofOfDelivery.objects.get().received_by == "Pak Budi"


def test_a_partly_shipped_delivery_leaves_the_rest_for_a_later_one():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=10)
    order = make_confirmed_order(
        world, [LineInput(sku=coffee.sku, quantity=Decimal(8)), LineInput(sku=sugar.sku, quantity=Decimal(5))]
    )
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    lines = {line.product_id: line.id for line in DeliveryLine.objects.filter(delivery_id=delivery_id)}

    shipped = ship_order_delivery(
        delivery_id=delivery_id, quantities={lines[coffee.id]: Decimal(6), lines[sugar.id]: Decimal(0)},
        by=world.owner, at=NOW,
    )  # fmt: skip

    assert shipped.delivery_progress == "partial"
    assert [(line.product_id, line.quantity) for line in DeliveryLine.objects.filter(delivery_id=delivery_id)] == [
        (coffee.id, 6)
    ]
    assert level(main(world), coffee.id) == (4, 2)
    assert level(main(world), sugar.id) == (10, 5)
    later = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    assert ship_order_delivery(delivery_id=later, by=world.owner, at=NOW).delivery_progress == "done"
    assert (level(main(world), coffee.id), level(main(world), sugar.id)) == ((2, 0), (5, 0))
    assert not Reservation.objects.filter(quantity__gt=0).exists()


def test_shipping_more_than_the_delivery_holds_is_refused():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    line_id = DeliveryLine.objects.get().id

    for quantity in (Decimal(9), Decimal(-1), Decimal(0)):
        with pytest.raises(BadStockLines):
            ship_order_delivery(delivery_id=delivery_id, quantities={line_id: quantity}, by=world.owner, at=NOW)

    assert Delivery.objects.get().status == "draft"
    assert level(main(world), coffee.id) == (10, 8)


def test_a_cancelled_delivery_gives_its_goods_back_to_the_order():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(8))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)

    cancel_order_delivery(delivery_id=delivery_id, reason="truk mogok", by=world.owner, at=NOW)

    assert Delivery.objects.get().status == "cancelled"
    assert level(main(world), coffee.id) == (10, 8)
    again = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    assert ship_order_delivery(delivery_id=again, by=world.owner, at=NOW).delivery_progress == "done"
    with pytest.raises(WrongState):
        cancel_order_delivery(delivery_id=again, by=world.owner, at=NOW)
    assert level(main(world), coffee.id) == (2, 0)

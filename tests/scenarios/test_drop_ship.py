"""Goods that go straight from a supplier to the customer, from the order to the money."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.catalog.models import Product
from niaga.core.clock import now
from niaga.core.errors import Forbidden, WrongState
from niaga.core.queries.together import ask
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.messaging.models import Email, Notice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.returns.tests.shop import make_return, settle, take_in
from niaga.sales.errors import AskedSupplier, LineFixed, MoreThanAsked, NotFromSupplier, SupplierPutAway
from niaga.sales.models import DropShip, DropShipLine, SalesOrder, SalesOrderLine
from niaga.sales.queries.approval_facts import facts_of
from niaga.sales.queries.line_margins import line_margins
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.choose_supply import choose_supply
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.send_drop_ship import send_at_once, send_drop_ship
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.supply_directly import supply_directly
from niaga.shipping.queries.tracking import tracking_of
from niaga.stock.errors import BadStockLines, GoesStraight, ReasonMissing
from niaga.stock.models import (
    Awaited,
    ExpectedReceipt,
    Reservation,
    StockCost,
    StockLevel,
    StockMove,
    Supplier,
    Warehouse,
)
from niaga.stock.queries.availability import availability
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.services.archive_supplier import archive_supplier
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.receive_expected import receive_expected
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from niaga.stock.services.start_lots import start_lots
from tests.makers import NOW, World, log_in, make_order, make_payment, make_product, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def make_supplier(world: World, name: str = "CV Kebun Kopi", **facts: Any) -> Supplier:
    details = SupplierDetails(name, **facts)
    return save_supplier(supplier_id=None, company_id=world.company.id, details=details, by=world.owner, at=NOW)


def make_supplied(world: World, supplier: Supplier, cost: int | None = None, **facts: Any) -> Product:
    """A product that the supplier sends straight to customers."""
    product = make_product(world, **facts)
    save_supply(
        product_id=product.id, company_id=world.company.id, supplier_id=supplier.id, code="KK-1",
        unit_cost=None if cost is None else Decimal(cost), by=world.owner, at=NOW,
    )  # fmt: skip
    return product


def bought(world: World, product: Product, count: int, cost: int) -> None:
    item = ReceiptItem(Decimal(count), product_id=product.id, unit_cost=Decimal(cost))
    receive_goods(branch_id=world.branch.id, by=SYSTEM, at=NOW, items=[item])


def make_asked(world: World, *wanted: tuple[Product, int]) -> SalesOrder:
    """A confirmed order of so many of each."""
    order = make_order(world, [LineInput(product_id=one.id, quantity=Decimal(count)) for one, count in wanted])
    return confirm_order(order_id=order.id, by=world.owner, at=NOW)


def sent(drop: DropShip, world: World, **told: Any) -> UUID:
    return record_drop_shipment(drop_ship_id=drop.id, sent=Sent(**told), by=world.owner, at=NOW)


def booked(role: str) -> Decimal:
    return JournalLine.objects.filter(role=role).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def line_of(order: SalesOrder, place: int = 1) -> SalesOrderLine:
    return SalesOrderLine.objects.get(order_id=order.id, position=place)


def held() -> Decimal:
    return Reservation.objects.aggregate(sum=Sum("quantity"))["sum"] or Decimal(0)


def test_a_supplier_sends_straight_to_the_customer_and_the_money_comes() -> None:
    world = make_world()
    product = make_supplied(world, make_supplier(world), 70_000)
    bought(world, product, 5, 60_000)

    order = make_asked(world, (product, 10))

    drop = DropShip.objects.get()
    assert (drop.number, drop.status, drop.promised_date) == ("DS-2026-00001", "asked", TODAY + timedelta(days=3))
    assert (line_of(order).direct, line_of(order).in_delivery, held()) == (10, 0, 0)
    there = availability(product_ids=[product.id], company_id=world.company.id)[product.id]
    assert (there.free, there.incoming, there.claims) == (5, (), ())

    delivery_id = sent(drop, world, carrier="JNE", tracking="JNE-1")

    told = tracking_of(delivery_id)
    assert (told.delivery.status, told.carrier, told.tracking, told.now) == ("shipped", "JNE", "JNE-1", "shipped")
    assert (line_of(order).direct, line_of(order).in_delivery, line_of(order).shipped) == (0, 10, 10)
    assert (StockLevel.objects.get().on_hand, StockCost.objects.get().average) == (5, 60_000)
    assert (booked("inventory"), booked("cost_of_sales"), booked("goods_received")) == (300_000, 700_000, -1_000_000)

    invoice = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    make_payment(world, order.customer_id, invoice.total, invoices=[(invoice.id, None)])

    assert invoice.total == Decimal(1_110_000)
    assert (booked("bank"), booked("receivable"), booked("revenue")) == (1_110_000, 0, -1_000_000)
    assert broken_promises() == []


def test_one_order_of_our_own_stock_and_two_suppliers_goes_three_ways() -> None:
    world = make_world()
    first, second = make_supplier(world), make_supplier(world, "PT Gula Manis", lead_days=7)
    own, coffee, sugar = (make_product(world, stock=5), make_supplied(world, first, 70_000),
                          make_supplied(world, second))  # fmt: skip

    order = make_asked(world, (own, 5), (coffee, 2), (sugar, 3))

    drops = list(DropShip.objects.order_by("number"))
    assert [(one.supplier_id, one.promised_date) for one in drops] == [
        (first.id, TODAY + timedelta(days=3)), (second.id, TODAY + timedelta(days=7)),
    ]  # fmt: skip
    assert held() == 5
    ship_order_delivery(delivery_id=deliver_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    sent(drops[0], world)
    order.refresh_from_db()
    assert order.delivery_progress == "partial"
    sent(drops[1], world, unit_costs={drops[1].lines.get().id: Decimal(40_000)})
    order.refresh_from_db()
    assert order.delivery_progress == "done"
    assert -StockMove.objects.filter(reason="shipment", product=sugar).get().value == 120_000
    assert broken_promises() == []


def test_a_draft_may_choose_otherwise_than_its_products_say() -> None:
    world = make_world()
    supplier = make_supplier(world)
    usual, kept = make_supplied(world, supplier, stock=9), make_product(world, stock=9)
    order = make_order(world, [LineInput(product_id=one.id, quantity=Decimal(4)) for one in (usual, kept)])

    choose_supply(
        order_id=order.id, choices={line_of(order).id: None, line_of(order, 2).id: supplier.id}, by=world.owner, at=NOW
    )
    confirm_order(order_id=order.id, by=world.owner, at=NOW)

    assert (line_of(order).direct, line_of(order, 2).direct, held()) == (0, 4, 4)
    assert DropShipLine.objects.get().order_line_id == line_of(order, 2).id


def test_the_suppliers_day_is_what_is_expected_and_a_later_one_is_told_to_the_seller() -> None:
    world = make_world()
    make_asked(world, (make_supplied(world, make_supplier(world)), 10))
    drop = DropShip.objects.get()
    clerk = make_user(world.company, "sales_admin")

    send_drop_ship(drop_ship_id=drop.id, to=["kebun@example.com"], by=clerk, at=NOW)
    confirm_drop_ship(drop_ship_id=drop.id, promised_date=date(2026, 12, 9), reference="K-77", by=clerk, at=NOW)

    drop.refresh_from_db()
    mail = Email.objects.get()
    assert (drop.status, drop.promised_date, drop.supplier_reference) == ("confirmed", date(2026, 12, 9), "K-77")
    assert ExpectedReceipt.objects.get().expected_date == date(2026, 12, 9)
    assert (mail.to, mail.files.count()) == (["kebun@example.com"], 1)
    assert Notice.objects.get().user_id == world.owner.id
    with pytest.raises(WrongState):
        send_drop_ship(drop_ship_id=drop.id, by=clerk, at=NOW)


def test_a_supplier_that_is_mailed_at_once_is_mailed_once() -> None:
    world = make_world()
    make_asked(world, (make_supplied(world, make_supplier(world, email="k@example.com", mails_at_once=True)), 1))
    drop = DropShip.objects.get()

    assert [send_at_once(drop_ship_id=drop.id, at=NOW) for _turn in range(2)] == [True, False]
    assert Email.objects.count() == 1


def test_what_was_sent_in_part_is_still_to_come_until_the_supplier_sends_nothing_more() -> None:
    world = make_world()
    product = make_supplied(world, make_supplier(world), 70_000)
    bought(world, product, 2, 50_000)
    order = make_asked(world, (product, 10))
    drop, line = DropShip.objects.get(), DropShipLine.objects.get()

    sent(drop, world, quantities={line.id: Decimal(4)})
    assert (line_of(order).direct, line_of(order).shipped, held()) == (6, 4, 0)
    with pytest.raises(MoreThanAsked):
        sent(drop, world, quantities={line.id: Decimal(7)})
    sent(drop, world, quantities={line.id: Decimal(1)}, is_last=True)

    drop.refresh_from_db()
    assert (drop.status, line_of(order).direct, line_of(order).shipped) == ("shipped", 0, 5)
    assert (held(), Awaited.objects.get().quantity) == (2, 3)
    with pytest.raises(WrongState):
        sent(drop, world)
    assert broken_promises() == []


def test_a_request_called_off_is_asked_of_our_own_stock_again() -> None:
    world = make_world()
    product = make_supplied(world, make_supplier(world), stock=7)
    order = make_asked(world, (product, 10))
    drop = DropShip.objects.get()

    with pytest.raises(AskedSupplier):
        cancel_order(order_id=order.id, reason="", by=world.owner, at=NOW)
    confirm_drop_ship(drop_ship_id=drop.id, promised_date=date(2026, 12, 1), by=world.owner, at=NOW)
    with pytest.raises(ReasonMissing):
        cancel_drop_ship(drop_ship_id=drop.id, by=world.owner, at=NOW)
    assert line_of(order).direct == 10
    cancel_drop_ship(drop_ship_id=drop.id, reason="Kosong", by=world.owner, at=NOW)

    drop.refresh_from_db()
    assert (drop.status, ExpectedReceipt.objects.get().status) == ("cancelled", "cancelled")
    assert (line_of(order).direct, held(), Awaited.objects.get().quantity) == (0, 7, 3)
    with pytest.raises(WrongState):
        sent(drop, world)
    assert broken_promises() == []


def test_a_person_asks_a_supplier_for_what_stock_holds_or_lacks() -> None:
    world = make_world()
    supplier, product = make_supplier(world), make_product(world, stock=6)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    confirm_order(order_id=order.id, shortage="backorder", by=world.owner, at=NOW)
    line = line_of(order)

    with pytest.raises(NotFromSupplier):
        supply_directly(
            order_id=order.id, supplier_id=supplier.id, quantities={line.id: Decimal(11)}, by=world.owner, at=NOW
        )
    supply_directly(
        order_id=order.id, supplier_id=supplier.id, quantities={line.id: Decimal(7)}, by=world.owner, at=NOW
    )

    assert (line_of(order).direct, held(), Awaited.objects.count()) == (7, 3, 0)
    assert broken_promises() == []


def test_an_amendment_keeps_what_a_supplier_was_asked_for_and_asks_for_new_lines() -> None:
    world = make_world()
    supplier = make_supplier(world)
    order = make_asked(world, (make_supplied(world, supplier), 10))
    more = make_supplied(world, supplier)
    line = line_of(order)

    with pytest.raises(LineFixed):
        amend_order(
            order_id=order.id, version=None, lines=[kept_line(line, quantity=Decimal(9))], by=world.owner, at=NOW
        )
    amend_order(
        order_id=order.id, version=None, by=world.owner, at=NOW,
        lines=[kept_line(line), LineInput(product_id=more.id, quantity=Decimal(2))],
    )  # fmt: skip

    asked = DropShipLine.objects.order_by("drop_ship__number").values_list("order_line__product_id", "quantity")
    assert list(asked) == [(line.product_id, 10), (more.id, 2)]
    assert (line_of(order, 2).direct, held()) == (2, 0)
    assert broken_promises() == []


def test_a_line_asked_of_a_supplier_that_becomes_more_asks_the_same_supplier_for_the_rest() -> None:
    world = make_world()
    supplier = make_supplier(world)
    order = make_order(world, [LineInput(product_id=make_product(world, stock=50).id, quantity=Decimal(10))])
    choose_supply(order_id=order.id, choices={line_of(order).id: supplier.id}, by=world.owner, at=NOW)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    sent(DropShip.objects.get(), world, quantities={DropShipLine.objects.get().id: Decimal(4)})

    amend_order(
        order_id=order.id, version=None, lines=[kept_line(line_of(order), quantity=Decimal(13))], by=world.owner, at=NOW
    )

    asked = DropShipLine.objects.order_by("drop_ship__number").values_list("drop_ship__supplier_id", "quantity")
    assert list(asked) == [(supplier.id, 10), (supplier.id, 3)]
    assert (line_of(order).quantity, line_of(order).direct, held()) == (13, 9, 0)
    assert broken_promises() == []


def test_what_becomes_more_of_a_line_that_stock_sends_a_part_of_comes_from_stock() -> None:
    world = make_world()
    product, supplier = make_product(world, stock=50), make_supplier(world)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    supply_directly(
        order_id=order.id, supplier_id=supplier.id, quantities={line_of(order).id: Decimal(4)}, by=world.owner, at=NOW
    )

    amend_order(
        order_id=order.id, version=None, lines=[kept_line(line_of(order), quantity=Decimal(12))], by=world.owner, at=NOW
    )

    assert (line_of(order).direct, held(), DropShip.objects.count()) == (4, 8, 1)
    assert broken_promises() == []


def test_a_supplier_put_away_is_asked_for_nothing_and_the_refusal_names_the_line() -> None:
    world = make_world()
    supplier = make_supplier(world)
    order = make_order(world, [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(4))])
    choose_supply(order_id=order.id, choices={line_of(order).id: supplier.id}, by=world.owner, at=NOW)
    archive_supplier(supplier_id=supplier.id, archived=True, by=world.owner, at=NOW)

    with pytest.raises(SupplierPutAway) as refused:
        confirm_order(order_id=order.id, by=world.owner, at=NOW)

    [answer] = refused.value.lines
    assert (answer["line"], answer["line_id"]) == (1, str(line_of(order).id))
    order.refresh_from_db()
    assert (order.status, line_of(order).direct, DropShip.objects.count(), held()) == ("draft", 0, 0, 0)
    page = log_in(world.owner).post(f"/orders/{order.id}/confirmation", {"prices": "check"}).content.decode()
    assert f"/orders/{order.id}/supply" in page

    choose_supply(order_id=order.id, choices={line_of(order).id: None}, by=world.owner, at=NOW)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    assert held() == 4


def test_another_day_of_an_order_counts_only_what_our_warehouse_sends() -> None:
    world = make_world()
    place = Warehouse.objects.get(company=world.company, is_direct=False)
    order = make_asked(world, (make_product(world, stock=5), 1), (make_supplied(world, make_supplier(world)), 2))
    other, day = make_asked(world, (make_product(world, stock=5), 1)), TODAY + timedelta(9)
    save_capacity(warehouse_id=place.id, given=CapacityInput(True, "lines", range(7), [2] * 7), by=world.owner, at=NOW)
    reschedule_order(order_id=other.id, planned_date=day, reason="Macet", by=world.owner, at=NOW)

    reschedule_order(order_id=order.id, planned_date=day, reason="Macet", by=world.owner, at=NOW)

    order.refresh_from_db()
    assert order.planned_date == day


def test_a_draft_earns_by_what_was_agreed_with_who_will_send_it() -> None:
    world = make_world()
    supplier = make_supplier(world)
    usual, chosen = make_product(world, cost=Decimal(1)), make_product(world, cost=Decimal(40_000))
    save_supply(
        product_id=usual.id, company_id=world.company.id, supplier_id=supplier.id, unit_cost=Decimal(70_000),
        by=world.owner, at=NOW,
    )  # fmt: skip
    order = make_order(world, [LineInput(product_id=one.id, quantity=Decimal(2)) for one in (usual, chosen)])
    rows = shown_order_lines(order_id=order.id)

    (margins,) = ask(line_margins(order, rows))

    assert [margins[row.id].cost for row in rows] == [140_000, 80_000]
    facts = facts_of(order, today=TODAY)
    assert facts["margin"] == 400_000 - 220_000
    choose_supply(order_id=order.id, choices={rows[0].id: None}, by=world.owner, at=NOW)
    (margins,) = ask(line_margins(order, rows))
    assert margins[rows[0].id].cost == 2


def test_a_new_line_from_a_supplier_asks_no_place_of_a_day_on_which_the_warehouse_is_closed() -> None:
    world = make_world()
    order = make_asked(world, (make_product(world, stock=5), 1))
    more = make_supplied(world, make_supplier(world))
    place = Warehouse.objects.get(company=world.company, is_direct=False)
    day = TODAY + timedelta(9)
    closed = CapacityInput(True, "lines", range(7), [9] * 7, days={day: OwnDay(True, None, "Stock opname")})
    save_capacity(warehouse_id=place.id, given=closed, by=world.owner, at=NOW)

    amend_order(
        order_id=order.id, version=None, by=world.owner, at=NOW,
        lines=[kept_line(line_of(order)), LineInput(product_id=more.id, planned_date=day)],
    )  # fmt: skip

    assert (line_of(order, 2).direct, line_of(order, 2).planned_date) == (1, day)


def test_a_line_that_a_supplier_was_once_asked_for_stays_and_the_refusal_says_so() -> None:
    world = make_world()
    order = make_asked(world, (make_supplied(world, make_supplier(world)), 3), (make_product(world, stock=5), 1))
    cancel_drop_ship(drop_ship_id=DropShip.objects.get().id, by=world.owner, at=NOW)

    with pytest.raises(LineFixed) as refused:
        amend_order(order_id=order.id, version=None, lines=[kept_line(line_of(order, 2))], by=world.owner, at=NOW)

    assert [(fault["line"], fault["code"]) for fault in refused.value.lines] == [(1, "named")]
    assert line_of(order).quantity == 3


def test_the_rest_of_an_order_is_cancelled_without_what_a_supplier_was_asked_for() -> None:
    world = make_world()
    order = make_order(
        world,
        [LineInput(product_id=make_supplied(world, make_supplier(world)).id, quantity=Decimal(3)),
         LineInput(product_id=make_product(world).id, quantity=Decimal(4))],
    )  # fmt: skip
    confirm_order(order_id=order.id, shortage="backorder", by=world.owner, at=NOW)

    cancel_rest(order_id=order.id, reason="Batal", by=world.owner, at=NOW)
    sent(DropShip.objects.get(), world)

    order.refresh_from_db()
    assert (line_of(order).cancelled, line_of(order, 2).cancelled, order.delivery_progress) == (0, 4, "done")
    assert broken_promises() == []


def test_lots_that_a_supplier_sent_are_known_and_never_lie_here() -> None:
    world = make_world()
    product = make_supplied(world, make_supplier(world), 10_000)
    start_lots(product_id=product.id, by=world.owner, at=NOW)
    make_asked(world, (product, 10))
    drop, line = DropShip.objects.get(), DropShipLine.objects.get()

    with pytest.raises(BadStockLines):
        sent(drop, world)
    lots = [LotGiven("L1", Decimal(7), date(2027, 6, 30)), LotGiven("L2", Decimal(3), date(2027, 7, 31))]
    sent(drop, world, lots={line.id: lots})

    moves = StockMove.objects.filter(reason="shipment").order_by("lot__number")
    assert [(one.lot.number, one.quantity, one.value) for one in moves if one.lot] == [
        ("L1", -7, -70_000), ("L2", -3, -30_000),
    ]  # fmt: skip
    assert broken_promises() == []


def test_what_goes_straight_is_not_received_here_and_costs_are_told_only_to_who_sees_them() -> None:
    world = make_world()
    make_asked(world, (make_supplied(world, make_supplier(world), 70_000), 1))
    expected, drop = ExpectedReceipt.objects.get(), DropShip.objects.get()
    keeper = make_user(world.company, "warehouse", branch_id=world.branch.id)

    with pytest.raises(GoesStraight):
        receive_expected(expected_id=expected.id, by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        record_drop_shipment(drop_ship_id=drop.id, sent=Sent(), by=make_user(world.company, "salesperson"), at=NOW)
    typed = Sent(unit_costs={DropShipLine.objects.get().id: Decimal(1)})
    record_drop_shipment(drop_ship_id=drop.id, sent=typed, by=keeper, at=NOW)

    assert booked("cost_of_sales") == 70_000


def test_drop_ships_cost_the_same_number_of_statements_for_many_lines() -> None:
    world = make_world()
    supplier = make_supplier(world)
    counts = []
    for lines in (1, 12):
        wanted = [(make_supplied(world, supplier, 1_000), 2) for _turn in range(lines)]
        order = make_order(world, [LineInput(product_id=one.id, quantity=Decimal(count)) for one, count in wanted])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            confirm_order(order_id=order.id, by=world.owner, at=NOW)
        drop = DropShip.objects.get(order_id=order.id)
        with CaptureQueriesContext(connection) as shipped:
            sent(drop, world)
        counts.append((len(asked), len(shipped)))

    assert counts[1][0] <= counts[0][0]  # the first makes the place that goods pass through
    assert counts[0][1] == counts[1][1] <= 24


def test_the_same_call_sent_twice_delivers_once() -> None:
    world = make_world()
    order = make_asked(world, (make_supplied(world, make_supplier(world), 70_000), 10))
    drop = DropShip.objects.get()
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    line = str(DropShipLine.objects.get().id)

    answers = [
        api.post(
            f"/api/v1/drop-ships/{drop.id}/shipments", {"lines": [{"line_id": line, "quantity": "4"}]},
            content_type="application/json", headers={"Idempotency-Key": "once"},
        )
        for _turn in range(2)
    ]  # fmt: skip

    assert [one.status_code for one in answers] == [201, 201]
    assert (line_of(order).shipped, len(answers[1].json()["delivery_ids"])) == (4, 1)


def test_a_call_that_names_a_line_twice_is_refused_and_nothing_is_delivered() -> None:
    world = make_world()
    order = make_asked(world, (make_supplied(world, make_supplier(world), 70_000), 10))
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
    line = str(DropShipLine.objects.get().id)

    answer = Client(headers={"Authorization": f"Bearer {token.text}"}).post(
        f"/api/v1/drop-ships/{DropShip.objects.get().id}/shipments",
        {"lines": [{"line_id": line, "quantity": "4"}, {"line_id": line, "quantity": "3"}]},
        content_type="application/json", headers={"Idempotency-Key": "twice"},
    )  # fmt: skip

    assert (answer.status_code, line_of(order).shipped) == (422, 0)


def test_what_came_straight_from_a_supplier_comes_back_to_our_warehouse_at_what_it_cost() -> None:
    world = make_world()
    product = make_supplied(world, make_supplier(world), 70_000)
    order = make_asked(world, (product, 10))
    sent(DropShip.objects.get(), world)
    issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    rma = take_in(world, make_return(world, order, 2))
    settle(world, rma)

    assert (StockLevel.objects.get().on_hand, StockCost.objects.get().value) == (2, 140_000)
    assert (booked("inventory"), booked("cost_of_sales"), booked("receivable")) == (140_000, 560_000, 888_000)
    assert broken_promises() == []

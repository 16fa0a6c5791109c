"""What happens to a promise."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from niaga.catalog.rules.product import NewPacking
from niaga.core.errors import Forbidden, StaleVersion, WrongState
from niaga.core.models import AuditEntry
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.parties.models import CreditAccount
from niaga.sales.errors import (
    AlreadyInvoiced,
    AlreadyShipped,
    CannotSplit,
    CreditExceeded,
    LineFixed,
    NotDone,
    NothingLeft,
    NothingStarted,
    NothingWaiting,
    PricesChanged,
)
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.orders_of import order_of_delivery_id
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.close_order import close_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.hold_waiting import hold_waiting
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.reserve_waiting import reserve_waiting
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.split_line import split_line
from niaga.sales.services.take_prices import take_prices
from niaga.sales.services.update_order import update_order
from niaga.stock.errors import OutOfStock
from niaga.stock.models import Reservation, StockLevel
from tests.makers import NOW, make_confirmed_order, make_customer, make_order, make_product, make_stock, make_world
from tests.makers import make_user as make_person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def levels(product):
    level = StockLevel.objects.get(product=product)
    return level.on_hand, level.reserved


def lines_of(order):
    return list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position"))


def same(line, **changes):
    """A stored line as it goes back with an amendment."""
    given = LineInput(
        id=line.id, kind=line.kind, product_id=line.product_id, quantity=line.quantity,
        discount_percent=line.discount_percent, planned_date=line.planned_date,
    )  # fmt: skip
    return replace(given, **changes)


def adds_up(order):
    order = SalesOrder.objects.get(pk=order.id)
    lines = lines_of(order)
    account = CreditAccount.objects.get(customer_id=order.customer_id)
    return (
        order.net == sum(line.net for line in lines)
        and order.tax == sum(line.tax for line in lines)
        and order.total == order.net + order.tax + order.rounding
        and account.orders == order.exposure
    )


def test_a_draft_order_is_written_anew_and_a_confirmed_one_is_not():
    world = make_world()
    product = make_product(world, stock=10)
    order = make_order(world, [LineInput(product_id=product.id)])

    update_order(
        order_id=order.id, version=1, by=world.owner, at=LATER, details=OrderDetails(planned_date=date(2026, 12, 1)),
        lines=[LineInput(product_id=product.id, quantity=Decimal(4), planned_date=date(2026, 12, 3))],
    )  # fmt: skip

    order.refresh_from_db()
    assert (order.version, order.net, order.planned_date) == (2, 400_000, date(2026, 12, 1))
    assert lines_of(order)[0].planned_date == date(2026, 12, 3)
    confirm_order(order_id=order.id, by=world.owner, at=LATER)
    with pytest.raises(WrongState):
        update_order(
            order_id=order.id, version=None, by=world.owner, at=LATER, details=OrderDetails(),
            lines=[LineInput(product_id=product.id)],
        )  # fmt: skip


def test_changed_prices_are_shown_and_then_taken_or_kept():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=10)
    order = make_order(
        world, [LineInput(product_id=coffee.id), LineInput(product_id=sugar.id, unit_price=Decimal(50_000))]
    )
    type(coffee).objects.filter(pk__in=[coffee.pk, sugar.pk]).update(price=Decimal(110_000))

    with pytest.raises(PricesChanged) as refusal:
        confirm_order(order_id=order.id, by=world.owner, at=LATER)
    assert [(one["line"], one["old"], one["new"]) for one in refusal.value.lines] == [(1, 100_000, 110_000)]
    assert SalesOrder.objects.get(pk=order.id).status == "draft"

    take_prices(order_id=order.id, by=world.owner, at=LATER)
    confirmed = confirm_order(order_id=order.id, by=world.owner, at=LATER)

    assert [line.unit_price for line in lines_of(order)] == [110_000, 50_000]
    assert confirmed.net == 160_000
    with pytest.raises(WrongState):
        take_prices(order_id=order.id, by=world.owner, at=LATER)


def test_a_line_is_cut_in_two_at_the_same_price():
    world = make_world()
    product = make_product(world)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(10), discount_percent=Decimal(5))])
    line = lines_of(order)[0]

    split_line(
        order_id=order.id, line_id=line.id, quantity=Decimal(4), planned_date=date(2026, 12, 9), by=world.owner,
        at=LATER,
    )  # fmt: skip

    first, second = lines_of(order)
    assert (first.id, first.quantity, first.amount) == (line.id, 4, 380_000)
    assert (second.quantity, second.amount, second.planned_date) == (6, 570_000, date(2026, 12, 9))
    assert (first.price_is_manual, second.price_is_manual) == (False, False)
    assert SalesOrder.objects.get(pk=order.id).net == order.net
    for wrong in (Decimal(0), Decimal(4), Decimal(9)):
        with pytest.raises(CannotSplit):
            split_line(order_id=order.id, line_id=line.id, quantity=wrong, by=world.owner, at=LATER)


def test_a_smaller_promise_gives_stock_and_credit_back():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=10)
    order = make_confirmed_order(
        world, [LineInput(product_id=coffee.id, quantity=Decimal(8)), LineInput(product_id=sugar.id)]
    )
    first, _second = lines_of(order)

    amended = amend_order(
        order_id=order.id, version=order.version, lines=[same(first, quantity=Decimal(3))], reason="Kurang",
        by=world.owner, at=LATER,
    )  # fmt: skip

    assert (levels(coffee), levels(sugar)) == ((10, 3), (10, 0))
    assert (amended.net, amended.exposure) == (300_000, amended.total)
    assert adds_up(order)
    entry = AuditEntry.objects.get(subject_id=order.id, verb="amend")
    assert entry.note == "Kurang"
    before, after = entry.data["lines"][0]["before"], entry.data["lines"][0]["after"]
    assert (Decimal(before["quantity"]), Decimal(after["quantity"])) == (8, 3)
    assert entry.data["lines"][1]["after"] is None


def test_a_larger_promise_holds_more_and_new_lines_get_todays_price():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))])
    type(coffee).objects.filter(pk__in=[coffee.pk, sugar.pk]).update(price=Decimal(150_000))

    amend_order(
        order_id=order.id, version=None, by=world.owner, at=LATER,
        lines=[
            same(lines_of(order)[0], quantity=Decimal(6)),
            LineInput(kind="note", description="Susulan"),
            LineInput(product_id=sugar.id, quantity=Decimal(12)),
        ],
    )  # fmt: skip

    old, _note, new = lines_of(order)
    assert (old.unit_price, old.price_is_manual) == (100_000, False)  # what was promised stays
    assert (new.unit_price, new.price_is_manual) == (150_000, False)
    assert (levels(coffee), levels(sugar)) == ((10, 6), (10, 10))  # two sacks wait
    assert adds_up(order)


def test_an_amendment_that_may_not_wait_is_refused_and_nothing_changed():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(5))])

    with pytest.raises(OutOfStock) as refusal:
        amend_order(
            order_id=order.id, version=None, by=world.owner, at=LATER, shortage="refuse",
            lines=[same(lines_of(order)[0], quantity=Decimal(9))],
        )  # fmt: skip

    assert [(one["wanted"], one["available"]) for one in refusal.value.lines] == [(9, 5)]
    assert lines_of(order)[0].quantity == 5
    assert levels(product) == (5, 5)


def test_an_order_does_not_grow_past_the_credit_limit():
    world = make_world()
    product = make_product(world, stock=50)
    customer = make_customer(world)
    order = make_confirmed_order(world, [LineInput(product_id=product.id)], customer=customer)
    CreditAccount.objects.filter(customer=customer).update(limit=Decimal(500_000))

    with pytest.raises(CreditExceeded):
        amend_order(
            order_id=order.id, version=None, by=world.owner, at=LATER,
            lines=[same(lines_of(order)[0], quantity=Decimal(6))],
        )  # fmt: skip

    assert lines_of(order)[0].quantity == 1
    assert adds_up(order)


def test_what_is_in_deliveries_or_invoices_stands():
    world = make_world()
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=10)
    order = make_confirmed_order(
        world,
        [LineInput(product_id=coffee.id, quantity=Decimal(6)), LineInput(product_id=sugar.id, quantity=Decimal(6))],
        discount_percent=Decimal(3),
    )
    first, second = lines_of(order)
    deliver = deliver_order(order_id=order.id, quantities={first.id: Decimal(4)}, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=deliver, by=world.owner, at=LATER)

    with pytest.raises(LineFixed) as refusal:
        amend_order(
            order_id=order.id,
            version=None,
            by=world.owner,
            at=LATER,
            lines=[same(first, quantity=Decimal(3)), same(second)],
        )
    assert [(one["line"], one["code"]) for one in refusal.value.lines] == [(1, "below_delivered")]
    with pytest.raises(LineFixed):
        amend_order(order_id=order.id, version=None, by=world.owner, at=LATER, lines=[same(second)])

    invoice_order(order_id=order.id, by=world.owner, at=LATER)
    first, second = lines_of(order)
    with pytest.raises(LineFixed):
        amend_order(
            order_id=order.id,
            version=None,
            by=world.owner,
            at=LATER,
            lines=[same(first, quantity=Decimal(9)), same(second)],
        )
    amended = amend_order(
        order_id=order.id,
        version=None,
        by=world.owner,
        at=LATER,
        lines=[same(first), same(second, quantity=Decimal(2))],
    )

    kept = lines_of(order)[0]
    assert (kept.net, kept.document_discount, kept.tax) == (first.net, first.document_discount, first.tax)
    assert levels(sugar) == (10, 2)
    assert levels(coffee) == (6, 2)
    assert amended.net == 582_000 + 194_000


def test_a_stale_amendment_is_refused():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id)])

    with pytest.raises(StaleVersion):
        amend_order(order_id=order.id, version=1, lines=[same(lines_of(order)[0])], by=world.owner, at=LATER)


def test_a_cancelled_order_frees_stock_and_credit():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(5))])

    cancel_order(order_id=order.id, reason="Batal", by=world.owner, at=LATER)

    assert levels(product) == (5, 0)
    assert CreditAccount.objects.get(customer_id=order.customer_id).orders == 0
    order.refresh_from_db()
    assert (order.status, order.exposure) == ("cancelled", 0)


def test_an_order_that_has_left_or_is_billed_is_not_cancelled():
    world = make_world()
    product = make_product(world, stock=9)
    shipping = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(5))])
    delivery = deliver_order(order_id=shipping.id, by=world.owner, at=LATER)
    billed = make_confirmed_order(world, [LineInput(product_id=product.id)])
    invoice_order(order_id=billed.id, basis="ordered", by=world.owner, at=LATER)

    with pytest.raises(AlreadyShipped):
        cancel_order(order_id=shipping.id, reason="", by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery, by=world.owner, at=LATER)
    with pytest.raises(AlreadyShipped):
        cancel_order(order_id=shipping.id, reason="", by=world.owner, at=LATER)
    with pytest.raises(AlreadyInvoiced):
        cancel_order(order_id=billed.id, reason="", by=world.owner, at=LATER)
    assert set(SalesOrder.objects.values_list("status", flat=True)) == {"confirmed"}


def test_cancelling_the_rest_leaves_what_was_delivered_to_be_paid_and_the_order_closes():
    world = make_world()
    product = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    with pytest.raises(NothingStarted):
        cancel_rest(order_id=order.id, reason="", by=world.owner, at=LATER)
    delivery = deliver_order(
        order_id=order.id, quantities={lines_of(order)[0].id: Decimal(6)}, by=world.owner, at=LATER
    )
    ship_order_delivery(delivery_id=delivery, by=world.owner, at=LATER)

    rest = cancel_rest(order_id=order.id, reason="Stok diskontinu", by=world.owner, at=LATER)

    assert levels(product) == (4, 0)
    assert (rest.delivery_progress, rest.invoice_progress) == ("done", "none")
    assert rest.exposure == Decimal(666_000)
    assert CreditAccount.objects.get(customer_id=order.customer_id).orders == 666_000
    with pytest.raises(NothingLeft):
        cancel_rest(order_id=order.id, reason="", by=world.owner, at=LATER)
    with pytest.raises(NotDone):
        close_order(order_id=order.id, by=world.owner, at=LATER)

    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=LATER)
    with pytest.raises(NotDone):  # the invoice is a draft still
        close_order(order_id=order.id, by=world.owner, at=LATER)
    invoice = issue_invoice(invoice_id=invoice_id, by=world.owner, at=LATER)
    closed = close_order(order_id=order.id, by=world.owner, at=LATER)

    assert (invoice.total, closed.status) == (666_000, "closed")
    account = CreditAccount.objects.get(customer_id=order.customer_id)
    assert (account.orders, account.invoices) == (0, 666_000)


def test_goods_that_come_in_are_held_for_the_order_planned_first():
    world = make_world()
    product = make_product(world, stock=1)
    late = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(5))], planned_date=date(2026, 12, 20))
    soon = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(5))], planned_date=date(2026, 12, 1))
    for order in (late, soon):
        confirm_order(order_id=order.id, by=world.owner, at=NOW, shortage="backorder")

    make_stock(world, {product.id: Decimal(6)})
    assert reserve_waiting(warehouse_id=late.warehouse_id, product_ids=[product.id], at=LATER) == 2

    held = {
        order.id: sum(Reservation.objects.filter(source_id=order.id).values_list("quantity", flat=True))
        for order in (late, soon)
    }
    assert held == {late.id: 2, soon.id: 5}
    assert levels(product) == (7, 7)
    assert reserve_waiting(warehouse_id=late.warehouse_id, product_ids=[product.id], at=LATER) == 0
    with pytest.raises(NothingWaiting):
        hold_waiting(order_id=soon.id, by=world.owner, at=LATER)


def test_amending_takes_the_same_number_of_statements_for_many_lines(django_assert_max_num_queries):
    world = make_world()
    products = [make_product(world, stock=20) for _ in range(15)]
    order = make_confirmed_order(world, [LineInput(product_id=one.id, quantity=Decimal(5)) for one in products])
    lines = [same(line, quantity=Decimal(3) if line.position % 2 else Decimal(7)) for line in lines_of(order)]

    with django_assert_max_num_queries(15):  # one of them asks whether the days of the warehouse have limits
        amend_order(order_id=order.id, version=None, lines=lines, by=world.owner, at=LATER)

    assert adds_up(order)
    assert [levels(one)[1] for one in products[:2]] == [3, 7]


def test_a_colleague_without_the_right_is_refused():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id)])
    stranger = make_person(world.company, "salesperson")

    for deed in (
        lambda: amend_order(order_id=order.id, version=None, lines=[], by=stranger, at=LATER),
        lambda: cancel_order(order_id=order.id, reason="", by=stranger, at=LATER),
        lambda: cancel_rest(order_id=order.id, reason="", by=stranger, at=LATER),
        lambda: hold_waiting(order_id=order.id, by=stranger, at=LATER),
        lambda: close_order(order_id=order.id, by=stranger, at=LATER),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert SalesOrder.objects.get(pk=order.id).status == "confirmed"


def test_a_line_keeps_its_unit_while_deliveries_invoices_or_suppliers_count_in_it():
    world = make_world()
    coffee = make_product(world, stock=40, units=(NewPacking(unit="box", factor=Decimal(12)),))
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(3))])
    [line] = lines_of(order)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)

    with pytest.raises(LineFixed) as refused:
        amend_order(order_id=order.id, version=None, lines=[same(line, unit="box")], by=world.owner, at=LATER)

    assert [fault["code"] for fault in refused.value.lines] == ["other_unit"]
    assert (lines_of(order)[0].factor, levels(coffee)) == (1, (40, 3))
    cancel_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)
    amend_order(order_id=order.id, version=None, lines=[same(line, unit="box")], by=world.owner, at=LATER)
    assert (lines_of(order)[0].factor, levels(coffee)) == (12, (40, 36))


def test_a_line_whose_delivery_was_called_off_can_go():
    world = make_world()
    coffee, sugar = make_product(world, stock=40), make_product(world, stock=40)
    order = make_confirmed_order(world, [LineInput(product_id=one.id, quantity=Decimal(3)) for one in (coffee, sugar)])
    stays, _goes = lines_of(order)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    cancel_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)

    amend_order(order_id=order.id, version=None, lines=[same(stays)], by=world.owner, at=LATER)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (lines_of(order), levels(sugar)) == ([stays], (40, 0))
    assert order_of_delivery_id(delivery_id=delivery_id) == order.id

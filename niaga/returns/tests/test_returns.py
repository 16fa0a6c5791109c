"""Goods that come back: never more than left, at the cost and the price they left with."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from niaga.core.errors import Forbidden, WrongState
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.ledger.models import JournalLine
from niaga.returns.errors import (
    BadReturnLines,
    MoreThanAnnounced,
    MoreThanCame,
    NotInvoiced,
    OutsidePolicy,
    OverReturn,
)
from niaga.returns.models import Return, ReturnLine, ReturnRule
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.cancel_return import cancel_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.reject_return import reject_return
from niaga.returns.services.request_return import request_return
from niaga.returns.tests.shop import make_return, make_sold_order, reason, settle, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import StockCost, StockLevel
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from tests.makers import NOW, World, make_bundle, make_product, make_shipped_order, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def make_costed(world: World, cost: int, stock: int):
    product = make_product(world)
    receive_goods(
        branch_id=world.branch.id, by=world.owner, at=NOW,
        items=[ReceiptItem(Decimal(stock), product_id=product.id, unit_cost=Decimal(cost))],
    )  # fmt: skip
    return product


def test_what_comes_back_is_held_inspected_and_credited_as_it_was_sold():
    world = make_world()
    coffee = make_costed(world, 60_000, 10)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(10), discount_percent=Decimal(7))])
    receive_goods(
        branch_id=world.branch.id, by=world.owner, at=NOW,
        items=[ReceiptItem(Decimal(10), product_id=coffee.id, unit_cost=Decimal(80_000))],
    )  # fmt: skip

    rma = make_return(world, order, 3)
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    line = ReturnLine.objects.get()
    receive_return(return_id=rma.id, quantities={line.id: Decimal(3)}, by=world.owner, at=NOW)
    level, cost = StockLevel.objects.get(product=coffee), StockCost.objects.get(product=coffee)

    assert (level.on_hand, level.reserved) == (13, 3)
    assert (cost.quantity, cost.value) == (13, 980_000)
    assert broken_promises() == []

    findings = [Finding(line.id, "restock", Decimal(2)), Finding(line.id, "scrap", Decimal(1))]
    inspect_return(return_id=rma.id, findings=findings, by=world.owner, at=NOW)
    rma = settle(world, rma)
    note = Invoice.objects.get(kind="credit_note")
    level = StockLevel.objects.get(product=coffee)

    assert (level.on_hand, level.reserved) == (12, 0)
    assert (rma.number, rma.status, rma.settlement.way) == ("RMA-2026-00001", "settled", "credit")
    assert (note.status, note.net, note.tax, note.total) == ("issued", 279_000, 30_690, 309_690)
    assert InvoiceBalance.objects.get(kind="invoice").allocated == 309_690
    assert JournalLine.objects.get(role="stock_loss").amount == 75_385
    assert [one.verb for one in AuditEntry.objects.filter(subject_id=rma.id).order_by("at", "id")] == [
        "request", "authorize", "receive", "inspect", "settle",
    ]  # fmt: skip
    assert OutboxEvent.objects.get(kind="ReturnReceived").payload["lines"][0]["quantity"] == "3.000000"
    assert OutboxEvent.objects.get(kind="ReturnSettled").payload["lines"][0]["quantity"] == "3.000000"
    assert broken_promises() == []


def test_no_more_comes_back_than_left():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    first = make_return(world, order, 3)

    with pytest.raises(OverReturn) as refusal:
        make_return(world, order, 3)

    assert refusal.value.lines[0]["available"] == 2
    assert Return.objects.count() == 1

    reject_return(return_id=first.id, reason="Belum dibuka", by=world.owner, at=NOW)
    assert make_return(world, order, 5).status == "requested"


def test_the_database_itself_refuses_more_than_left():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    make_return(world, order, 5)
    other = ReturnLine.objects.get()
    other.pk, other.quantity, other.held = None, Decimal(1), Decimal(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)

    assert ReturnLine.objects.count() == 1


def test_parts_of_a_bundle_are_credited_by_their_frozen_value_and_make_up_the_whole():
    world = make_world()
    cup, coffee = make_costed(world, 10_000, 10), make_costed(world, 20_000, 10)
    for product, cost in ((cup, 10_000), (coffee, 20_000)):
        product.cost = Decimal(cost)
        product.save(update_fields=["cost"])
    bundle = make_bundle(world, {cup.id: 1, coffee.id: 1})
    order = make_sold_order(world, [LineInput(sku=bundle.sku, quantity=Decimal(1))])

    cup_back = settle(world, take_in(world, make_return(world, order, 1, part_id=cup.id)))
    with pytest.raises(OverReturn):
        make_return(world, order, 1, part_id=cup.id)
    with pytest.raises(OverReturn):
        make_return(world, order, 1)
    settle(world, take_in(world, make_return(world, order, 1, part_id=coffee.id)))
    notes = list(Invoice.objects.filter(kind="credit_note").order_by("number"))
    invoice = Invoice.objects.get(kind="invoice")

    assert cup_back.status == "settled"
    assert [note.net for note in notes] == [33_333, 66_667]
    assert sum(note.total for note in notes) == invoice.total == 111_000
    assert StockLevel.objects.get(product=cup).on_hand == 10
    assert broken_promises() == []


def test_a_whole_bundle_brings_its_parts_back():
    world = make_world()
    cup, coffee = make_product(world, stock=10), make_product(world, stock=10)
    order = make_sold_order(world, [LineInput(sku=make_bundle(world, {cup.id: 2, coffee.id: 1}).sku)])

    settle(world, take_in(world, make_return(world, order, 1), outcome="restock"))

    assert [level.on_hand for level in StockLevel.objects.filter(product__in=[cup, coffee])] == [10, 10]
    assert Invoice.objects.get(kind="credit_note").total == Invoice.objects.get(kind="invoice").total
    assert broken_promises() == []


def test_a_restocking_fee_is_a_line_of_its_own_with_its_tax():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=2).sku, quantity=Decimal(2))])
    changed = reason(world, "CHANGED")
    changed.fee_percent = Decimal(10)
    changed.save()

    settle(world, take_in(world, make_return(world, order, 1, why="CHANGED")))
    note = Invoice.objects.get(kind="credit_note")

    assert [line.net for line in note.lines.order_by("position")] == [100_000, -10_000]
    assert note.total == 99_900
    assert broken_promises() == []

    settle(world, take_in(world, make_return(world, order, 1, why="CHANGED")), waive_fees=True)

    assert sorted(one.total for one in Invoice.objects.filter(kind="credit_note")) == [99_900, 111_000]
    assert broken_promises() == []


def test_a_claim_credits_a_part_of_the_price_and_moves_no_goods():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(10))])
    line = order.lines.get()
    rma = request_return(
        order_id=order.id, kind="claim", by=world.owner, at=NOW,
        items=[ReturnItem(line.id, reason(world).id, percent=Decimal(5))],
    )  # fmt: skip
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)

    settle(world, rma)
    settle(world, take_in(world, make_return(world, order, 10)))
    notes = list(Invoice.objects.filter(kind="credit_note").order_by("number"))

    assert [note.total for note in notes] == [55_500, 1_054_500]
    assert StockLevel.objects.get(product=coffee).on_hand == 10
    assert broken_promises() == []


def test_what_the_policy_refuses_is_authorized_only_with_a_word_why():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=1).sku)])
    ReturnRule.objects.create(company=world.company, name="Barang utuh saja", conditions=["opened"], created_at=NOW)
    rma = make_return(world, order, 1)

    with pytest.raises(OutsidePolicy):
        authorize_return(return_id=rma.id, by=world.owner, at=NOW)

    assert ReturnLine.objects.get().verdict["why"] == "condition"
    assert Return.objects.get().status == "requested"
    assert authorize_return(return_id=rma.id, note="Pelanggan lama", by=world.owner, at=NOW).status == "authorized"


def test_more_than_announced_or_than_came_is_refused():
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(5))])
    rma = make_return(world, order, 3)
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    line = ReturnLine.objects.get()

    with pytest.raises(MoreThanAnnounced):
        receive_return(return_id=rma.id, quantities={line.id: Decimal(4)}, by=world.owner, at=NOW)
    assert StockLevel.objects.get(product=coffee).on_hand == 0

    receive_return(
        return_id=rma.id, quantities={line.id: Decimal(2)}, is_last=True, unannounced="1 cangkir", by=world.owner,
        at=NOW,
    )  # fmt: skip
    with pytest.raises(MoreThanCame):
        inspect_return(return_id=rma.id, findings=[Finding(line.id, "scrap", Decimal(3))], by=world.owner, at=NOW)
    assert StockLevel.objects.get(product=coffee).on_hand == 2
    assert make_return(world, order, 3).status == "requested"


def test_goods_are_refurbished_in_quarantine_and_what_is_sent_back_is_not_credited():
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(5))])
    rma = make_return(world, order, 3)
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    line = ReturnLine.objects.get()
    receive_return(return_id=rma.id, quantities={line.id: Decimal(3)}, by=world.owner, at=NOW)
    findings = [Finding(line.id, "refurbish", Decimal(2)), Finding(line.id, "send_back", Decimal(1))]
    inspect_return(return_id=rma.id, findings=findings, by=world.owner, at=NOW)

    settle(world, rma)
    level = StockLevel.objects.get(product=coffee)
    assert (level.on_hand, level.reserved) == (2, 2)
    assert Invoice.objects.get(kind="credit_note").total == 222_000

    inspect_return(
        return_id=rma.id, findings=[Finding(line.id, "restock", Decimal(2))], from_refurbishing=True, by=world.owner,
        at=NOW,
    )  # fmt: skip
    level = StockLevel.objects.get(product=coffee)
    assert (level.on_hand, level.reserved) == (2, 0)
    assert ReturnLine.objects.get().held == 2
    assert broken_promises() == []


def test_goods_that_are_not_billed_are_not_settled():
    world = make_world()
    order = make_shipped_order(world, [LineInput(sku=make_product(world, stock=1).sku)])
    rma = take_in(world, make_return(world, SalesOrder.objects.get(pk=order.pk), 1))

    with pytest.raises(NotInvoiced):
        settle(world, rma)

    assert Return.objects.get().status == "inspected"
    assert not Invoice.objects.exists()


def test_an_exchange_writes_the_same_goods_at_the_same_figures():
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(2), discount_percent=Decimal("12.5"))])
    rma = settle(world, take_in(world, make_return(world, order, 1)), way="exchange")
    new = SalesOrder.objects.get(pk=rma.settlement.order_id)

    assert (new.status, new.total, new.customer_reference) == ("draft", 97_125, "RMA-2026-00001")
    assert new.total == Invoice.objects.get(kind="credit_note").total
    assert broken_promises() == []


def test_a_cancelled_return_waits_for_nothing_and_what_came_is_not_cancelled():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=4).sku, quantity=Decimal(4))])
    rma = make_return(world, order, 4)
    cancel_return(return_id=rma.id, reason="Batal", by=world.owner, at=NOW)
    other = make_return(world, order, 4)
    authorize_return(return_id=other.id, by=world.owner, at=NOW)
    line = ReturnLine.objects.get(rma=other)
    receive_return(return_id=other.id, quantities={line.id: Decimal(1)}, by=world.owner, at=NOW)

    with pytest.raises(WrongState):
        cancel_return(return_id=other.id, reason="Batal", by=world.owner, at=NOW)

    assert ReturnLine.objects.get(rma=other).held == 4


def test_each_deed_takes_its_right():
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=4).sku, quantity=Decimal(4))])
    keeper = make_user(world.company, "warehouse", branch_id=world.branch.id)
    rma = make_return(world, order, 1)

    with pytest.raises(Forbidden):
        make_return(world, order, 1, by=keeper)
    with pytest.raises(Forbidden):
        authorize_return(return_id=rma.id, by=keeper, at=NOW)

    assert Return.objects.get().status == "requested"


def test_a_service_or_a_silly_line_does_not_come_back():
    world = make_world()
    service = make_product(world, kind="service")
    order = make_sold_order(world, [LineInput(sku=service.sku)])

    with pytest.raises(BadReturnLines):
        make_return(world, order, 1)

    assert not Return.objects.exists()


def test_a_return_of_many_lines_takes_as_many_statements_as_one_of_few():
    world = make_world()
    counts = []
    for size in (1, 12):
        products = [make_product(world, stock=2) for _place in range(size)]
        order = make_sold_order(world, [LineInput(sku=one.sku, quantity=Decimal(2)) for one in products])
        why = reason(world).id
        items = [ReturnItem(line.id, why, Decimal(1)) for line in order.lines.order_by("position")]
        with connection.execute_wrapper(Counter()) as _none:
            Counter.count = 0
            rma = request_return(order_id=order.id, items=items, by=world.owner, at=NOW)
            take_in(world, rma)
            settle(world, rma)
            counts.append(Counter.count)

    assert counts[0] == counts[1]


class Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        Counter.count += 1
        return execute(sql, params, many, context)

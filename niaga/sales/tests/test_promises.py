"""Orders that wait for goods are promised them out of what is to come, and never twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.organization.access import SYSTEM
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.promise_again import promise_again, promise_late
from niaga.sales.services.reserve_waiting import reserve_waiting
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Awaited, ExpectedReceipt, Warehouse
from niaga.stock.queries.availability import availability
from niaga.stock.services.cancel_expected import cancel_expected
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.postpone_expected import postpone_expected
from niaga.stock.services.receive_expected import receive_expected
from tests.makers import NOW, World, make_order, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
EARLY, LATE = date(2026, 12, 3), date(2026, 12, 10)


def expect(world: World, product, quantity: int, day: date = EARLY) -> ExpectedReceipt:
    place = Warehouse.objects.get(company=world.company)
    return expect_receipt(
        warehouse_id=place.id, supplier="PT Sumber", expected_date=day,
        items=[StockItem(Decimal(quantity), product_id=product.id)], by=SYSTEM, at=NOW,
    )  # fmt: skip


def promise(world: World, product, quantity: int):
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(quantity))])
    return confirm_order(order_id=order.id, by=world.owner, at=NOW, shortage="backorder")


def in_english(world: World) -> Client:
    client = signed_in(world)
    client.cookies["niaga_language"] = "en"
    return client


def days(*orders) -> list[tuple[Decimal, date | None]]:
    rows = {row.source_id: (row.quantity, row.date) for row in Awaited.objects.all()}
    return [rows[order.id] for order in orders]


def left(world: World, product) -> list[tuple[date | None, Decimal]]:
    there = availability(product_ids=[product.id], company_id=world.company.id)[product.id]
    return [tuple(step) for step in there.to_promise(TODAY)]


def test_what_an_order_waits_for_is_promised_from_the_day_on_which_it_comes():
    world = make_world()
    coffee = make_product(world, stock=12)
    expect(world, coffee, 30)
    before = left(world, coffee)

    first, second, third = (promise(world, coffee, size) for size in (20, 15, 10))

    assert before == [(None, 12), (EARLY, 42)]
    assert days(first, second, third) == [(8, EARLY), (15, EARLY), (10, None)]
    assert left(world, coffee) == [(None, 0), (EARLY, 7)]


def test_a_cancelled_order_gives_back_what_it_was_promised_of_the_incoming_goods():
    world = make_world()
    coffee = make_product(world)
    expect(world, coffee, 30)
    order = promise(world, coffee, 30)

    cancel_order(order_id=order.id, reason="Batal", by=world.owner, at=NOW)

    assert not Awaited.objects.filter(source_id=order.id).exists()
    assert left(world, coffee) == [(None, 0), (EARLY, 30)]


def test_goods_that_came_are_held_and_no_longer_awaited():
    world = make_world()
    coffee = make_product(world)
    expected = expect(world, coffee, 10)
    order = promise(world, coffee, 10)

    receive_expected(expected_id=expected.id, by=SYSTEM, at=NOW)
    reserve_waiting(warehouse_id=expected.warehouse_id, product_ids=[coffee.id], at=NOW)

    assert not Awaited.objects.filter(source_id=order.id).exists()
    assert left(world, coffee) == [(None, 0)]


def test_a_receipt_that_is_put_off_puts_its_orders_off_and_tells_their_sellers():
    world = make_world()
    coffee = make_product(world)
    expected = expect(world, coffee, 10)
    order = promise(world, coffee, 10)

    postpone_expected(expected_id=expected.id, expected_date=LATE, reason="Kapal terlambat", by=SYSTEM, at=NOW)
    promise_again(warehouse_id=expected.warehouse_id, at=NOW)

    row = Awaited.objects.get(source_id=order.id)
    assert (row.date, row.was_date) == (LATE, EARLY)
    assert AuditEntry.objects.filter(subject_id=order.id, verb="put_off").count() == 1
    assert Notice.objects.filter(subject_id=order.id).count() == 1
    page = in_english(world).get(f"/orders/{order.id}").content.decode()
    assert "from 10 Dec 2026, promised for 3 Dec 2026" in page


def test_who_came_first_is_served_first_when_less_comes_than_was_promised():
    world = make_world()
    coffee = make_product(world)
    gone = expect(world, coffee, 20)
    first, second = promise(world, coffee, 15), promise(world, coffee, 5)
    expect(world, coffee, 15, LATE)

    cancel_expected(expected_id=gone.id, reason="Batal", by=SYSTEM, at=NOW)
    promise_again(warehouse_id=gone.warehouse_id, at=NOW)

    assert days(first, second) == [(15, LATE), (5, None)]


def test_a_receipt_that_does_not_come_on_its_day_is_not_counted_on_any_more():
    world = make_world()
    coffee = make_product(world)
    expect(world, coffee, 10)
    order = promise(world, coffee, 10)
    promise_late(at=NOW)
    still = days(order)

    promise_late(at=NOW + timedelta(days=11))

    assert (still, days(order)) == ([(10, EARLY)], [(10, None)])


def test_another_day_needs_a_reason_and_changes_nothing_without():
    world = make_world()
    expected = expect(world, make_product(world), 10)

    with pytest.raises(ReasonMissing):
        postpone_expected(expected_id=expected.id, expected_date=LATE, reason=" ", by=SYSTEM, at=NOW)

    expected.refresh_from_db()
    assert (expected.expected_date, expected.version) == (EARLY, 1)


def test_the_grid_and_the_product_page_say_what_there_is_now_and_from_when_there_is_more():
    world = make_world()
    coffee = make_product(world, stock=12)
    expect(world, coffee, 30, date.today() + timedelta(days=400))
    client = in_english(world)
    body = {"lines": [{"key": "a", "product": str(coffee.id), "quantity": "20", "unit": "", "kind": "item"}],
            "fields": {}}  # fmt: skip

    answer = client.post("/sales/grid/preview", body, content_type="application/json")
    page = client.get(f"/stock/products/{coffee.id}").content.decode()

    warning = answer.json()["lines"]["a"]["warning"].replace("\xa0", " ")
    assert warning.startswith("12 pcs now, 42 pcs from ")
    assert "Can be promised" in page

"""The week of deliveries, and another day for an order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.models import AuditEntry
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.plan_deliveries import orders_due, plan_deliveries
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Delivery, Warehouse
from niaga.stock.services.plan_day import plan_day
from tests.api import Api
from tests.makers import (
    NOW,
    make_confirmed_order,
    make_customer,
    make_order,
    make_product,
    make_user,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FRIDAY = TODAY + timedelta(4)


def confirmed(world, **details):
    lines = [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2))]
    return make_confirmed_order(world, lines, **details)


def test_an_order_gets_another_day_with_its_reason_and_its_waiting_delivery_goes_along():
    world = make_world()
    order = confirmed(world, planned_date=TODAY)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)

    reschedule_order(order_id=order.id, planned_date=FRIDAY, reason="Toko tutup", by=world.owner, at=NOW)

    assert SalesOrder.objects.get(pk=order.id).planned_date == FRIDAY
    assert Delivery.objects.get(pk=delivery_id).planned_date == FRIDAY
    told = AuditEntry.objects.get(subject_id=order.id, verb="reschedule")
    assert (told.note, told.data) == ("Toko tutup", {"planned_date": [str(TODAY), str(FRIDAY)]})


def test_a_delivery_that_stands_in_a_route_stays_on_its_day():
    world = make_world()
    order = confirmed(world, planned_date=TODAY)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    plan_day(warehouse_id=Warehouse.objects.get(company=world.company).id, date=TODAY, by=world.owner, at=NOW)

    reschedule_order(order_id=order.id, planned_date=FRIDAY, reason="Toko tutup", by=world.owner, at=NOW)

    assert Delivery.objects.get(pk=delivery_id).planned_date == TODAY


def test_a_day_that_is_over_no_reason_a_draft_and_a_stranger_are_refused_and_nothing_changes():
    world = make_world()
    order = confirmed(world, planned_date=TODAY)
    draft = make_order(world, [LineInput(product_id=make_product(world).id, quantity=Decimal(2))])
    looks = make_user(world.company, "auditor")

    for order_id, day, reason, by, refusal in (
        (order.id, TODAY - timedelta(1), "Toko tutup", world.owner, Invalid),
        (order.id, FRIDAY, "  ", world.owner, ReasonMissing),
        (draft.id, FRIDAY, "Toko tutup", world.owner, WrongState),
        (order.id, FRIDAY, "Toko tutup", looks, Forbidden),
    ):
        with pytest.raises(refusal):
            reschedule_order(order_id=order_id, planned_date=day, reason=reason, by=by, at=NOW)

    order.refresh_from_db()
    assert (order.planned_date, AuditEntry.objects.filter(verb="reschedule").count()) == (TODAY, 0)


def test_the_week_shows_what_is_due_with_late_ones_on_top_and_moves_an_order():
    world = make_world()
    late, soon = confirmed(world, planned_date=date(2026, 11, 20)), confirmed(world, planned_date=date(2099, 12, 2))
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"

    page = browser.get("/deliveries/week?date=2099-12-01").content.decode()
    browser.post(f"/orders/{late.id}/day", {"date": "2099-12-03", "reason": "Toko tutup"})
    moved = browser.get("/deliveries/week?date=2099-12-01").content.decode()

    assert page.index("Late") < page.index(late.number) < page.index(soon.number)
    assert moved.index(soon.number) < moved.index(late.number)
    assert "was 20 Nov 2026" in page
    assert "was 20 Nov 2026" not in moved


def test_a_program_plans_an_order_for_another_day():
    world = make_world()
    order = confirmed(world)

    answer = Api(world.owner).send("put", f"orders/{order.id}/day", {"date": "2099-12-03", "reason": "Toko tutup"})

    assert (answer.status_code, answer.json()["planned_date"]) == (200, "2099-12-03")


def on_two_days(world):
    """A confirmed order of which one line leaves today and another on Friday."""
    lines = [
        LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2), planned_date=day)
        for day in (None, FRIDAY)
    ]
    return make_confirmed_order(world, lines, planned_date=TODAY)


def days(order):
    return list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").values_list("planned_date"))


def test_the_plan_of_a_day_delivers_only_the_lines_that_are_due_by_then():
    world = make_world()
    place = Warehouse.objects.get(company=world.company)
    order = on_two_days(world)

    plan_deliveries(warehouse_id=place.id, date=TODAY, by=world.owner, at=NOW)
    first = list(Delivery.objects.values_list("planned_date", flat=True))
    due_tomorrow = orders_due(warehouse_id=place.id, date=TODAY + timedelta(1))
    due_on_friday = orders_due(warehouse_id=place.id, date=FRIDAY)
    plan_deliveries(warehouse_id=place.id, date=FRIDAY, by=world.owner, at=NOW)

    assert (first, due_tomorrow, due_on_friday) == ([TODAY], [], [order.id])
    lines = OrderLineDelivery.objects.order_by("order_line__position")
    assert list(lines.values_list("order_line__position", "delivery_line__delivery__planned_date")) == [
        (1, TODAY), (2, FRIDAY),
    ]  # fmt: skip


def test_a_line_that_leaves_before_its_order_is_due_on_its_own_day():
    world = make_world()
    lines = [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2), planned_date=TODAY)]
    order = make_confirmed_order(world, lines, planned_date=FRIDAY)

    due = orders_due(warehouse_id=order.warehouse_id, date=TODAY)

    assert due == [order.id]


def test_a_line_gets_another_day_with_its_reason_and_the_order_keeps_its_own():
    world = make_world()
    order = on_two_days(world)
    line = SalesOrderLine.objects.get(order=order, position=2)
    monday = FRIDAY + timedelta(3)

    reschedule_order(
        order_id=order.id, planned_date=monday, line_ids=[line.id], reason="Pabrik telat", by=world.owner, at=NOW
    )

    order.refresh_from_db()
    assert (order.planned_date, days(order)) == (TODAY, [(None,), (monday,)])
    told = AuditEntry.objects.get(subject_id=order.id, verb="reschedule")
    moved = {"description": line.description, "days": [str(FRIDAY), str(monday)]}
    assert (told.note, told.data) == ("Pabrik telat", {"lines": [moved]})


def test_an_order_of_which_no_line_has_its_day_any_more_has_the_first_of_its_lines():
    world = make_world()
    order = on_two_days(world)
    line = SalesOrderLine.objects.get(order=order, position=1)
    monday = FRIDAY + timedelta(3)

    reschedule_order(
        order_id=order.id, planned_date=monday, line_ids=[line.id], reason="Pabrik telat", by=world.owner, at=NOW
    )

    order.refresh_from_db()
    assert (order.planned_date, days(order)) == (FRIDAY, [(monday,), (FRIDAY,)])


def test_only_the_delivery_of_the_lines_that_move_goes_along():
    world = make_world()
    order = on_two_days(world)
    second = SalesOrderLine.objects.get(order=order, position=2)
    now = deliver_order(order_id=order.id, due=TODAY, by=world.owner, at=NOW)
    later = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    asked = {"order_id": order.id, "reason": "Pabrik telat", "by": world.owner, "at": NOW}

    reschedule_order(planned_date=TODAY + timedelta(1), **asked)
    reschedule_order(planned_date=TODAY + timedelta(2), line_ids=[second.id], **asked)

    found = dict(Delivery.objects.values_list("id", "planned_date"))
    assert found == {now: TODAY + timedelta(1), later: TODAY + timedelta(2)}


def test_a_line_in_a_delivery_with_others_no_line_and_another_orders_line_are_refused():
    world = make_world()
    order = on_two_days(world)
    line = SalesOrderLine.objects.get(order=order, position=2)
    other = SalesOrderLine.objects.filter(order=on_two_days(world)).first()
    deliver_order(order_id=order.id, by=world.owner, at=NOW)

    for line_ids, refusal in (([line.id], WrongState), ([], Invalid), ([other.id], NotFound)):
        with pytest.raises(refusal):
            reschedule_order(
                order_id=order.id, planned_date=FRIDAY, line_ids=line_ids, reason="x", by=world.owner, at=NOW
            )

    assert (days(order), AuditEntry.objects.filter(verb="reschedule").count()) == ([(None,), (FRIDAY,)], 0)


def test_a_week_shows_an_order_on_each_of_its_days_and_a_card_moves_only_what_leaves_on_its_day():
    world = make_world()
    lines = [
        LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2), planned_date=day)
        for day in (None, date(2099, 12, 4))
    ]
    order = make_confirmed_order(world, lines, planned_date=date(2099, 12, 1))
    browser = signed_in(world)

    browser.cookies["niaga_language"] = "en"
    page = browser.get("/deliveries/week?date=2099-12-01").content.decode()
    browser.post(f"/orders/{order.id}/day", {"date": "2099-12-03", "from": "2099-12-04", "reason": "Toko tutup"})
    story = browser.get(f"/orders/{order.id}").content.decode()

    assert (page.count('data-from="2099-12-01"'), page.count('data-from="2099-12-04"')) == (1, 1)
    assert days(order) == [(None,), (date(2099, 12, 3),)]
    assert "4 Dec 2099 → 3 Dec 2099" in story


def test_a_program_plans_lines_for_another_day():
    world = make_world()
    order = on_two_days(world)
    line = SalesOrderLine.objects.get(order=order, position=1)

    body = {"date": "2099-12-03", "reason": "Toko tutup", "line_ids": [str(line.id)]}
    answer = Api(world.owner).send("put", f"orders/{order.id}/day", body)

    assert (answer.status_code, days(order)) == (200, [(date(2099, 12, 3),), (FRIDAY,)])


def test_the_month_shows_whole_weeks_narrows_like_the_week_exports_and_comes_back_to_itself():
    world = make_world()
    product = make_product(world, stock=99)
    lines = [LineInput(product_id=product.id, quantity=Decimal(1))]
    first, second = (
        make_confirmed_order(
            world, lines, customer=make_customer(world, name=name), planned_date=day, customer_reference=f"={name}"
        )
        for name, day in (("Toko Satu", date(2099, 12, 1)), ("Toko Dua", date(2100, 1, 2)))
    )
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"

    page = browser.get("/deliveries/month?date=2099-12-15").content.decode()
    narrowed = browser.get("/deliveries/month?date=2099-12-15&q=Toko Dua").content.decode()
    waiting = browser.get("/deliveries/week?date=2099-12-01&state=waiting").content.decode()
    table = b"".join(browser.get("/deliveries/month?date=2099-12-15&export=csv").streaming_content).decode()
    moved = browser.post(
        f"/orders/{first.id}/day",
        {"date": "2099-12-04", "from": "2099-12-01", "reason": "Toko tutup", "view": "month"},
    )

    assert page.count('data-day="') == 35  # from Monday 30 November to Sunday 3 January
    assert "Toko Satu" in page
    assert second.number in page  # of the week that the month ends in
    assert "Toko Satu" not in narrowed
    assert "Toko Dua" in narrowed
    assert first.number not in waiting
    assert table.splitlines()[1].startswith(f"2099-12-01,{first.number},Toko Satu,'=Toko Satu,")
    assert len(table.splitlines()) == 2
    assert moved["Location"].startswith("/deliveries/month?date=2099-12-04")
    assert SalesOrder.objects.get(pk=first.id).planned_date == date(2099, 12, 4)

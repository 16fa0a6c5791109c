"""The week of deliveries, and another day for an order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.core.models import AuditEntry
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Delivery, Warehouse
from niaga.stock.services.plan_day import plan_day
from tests.api import Api
from tests.makers import NOW, make_confirmed_order, make_order, make_product, make_user, make_world, signed_in

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

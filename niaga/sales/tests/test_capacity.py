"""Days of a warehouse that are closed or full."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden
from niaga.core.models import AuditEntry
from niaga.sales.errors import DayFull
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Warehouse
from niaga.stock.rules.capacity import Capacity, OwnDay
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from tests.api import Api
from tests.makers import NOW, make_order, make_product, make_user, make_world, signed_in

DAY = date(2099, 12, 1)  # a Tuesday
NEXT = date(2099, 12, 2)


def limited(world, limit=1, **more):
    place = Warehouse.objects.get(company=world.company)
    given = CapacityInput(True, "orders", range(6), [limit] * 7, **more)
    save_capacity(warehouse_id=place.id, given=given, by=world.owner, at=NOW)
    return place


def ordered(world, product, day=DAY):
    return make_order(world, [LineInput(product_id=product.id, quantity=Decimal(1))], planned_date=day)


def test_the_next_day_with_room_is_neither_full_nor_sunday_nor_a_holiday_nor_closed():
    closed = {date(2026, 12, 28): OwnDay(True, None, "Stock opname")}
    capacity = Capacity("orders", range(6), [1] * 7, own=closed)

    found = capacity.next_free(since=date(2026, 12, 24), used={date(2026, 12, 24): 1, date(2026, 12, 26): 1}, more=1)

    assert found == date(2026, 12, 29)  # 25th: Christmas, 27th: a Sunday
    assert capacity.room(date(2026, 12, 28)).reason == "Stock opname"
    assert not capacity.room(date(2026, 12, 25)).is_open


@pytest.mark.django_db
def test_a_full_day_is_refused_with_the_next_one_that_has_room():
    world = make_world()
    product = make_product(world, stock=9)
    limited(world)
    first, second = ordered(world, product), ordered(world, product)
    confirm_order(order_id=first.id, by=world.owner, at=NOW)

    with pytest.raises(DayFull) as refusal:
        confirm_order(order_id=second.id, by=world.owner, at=NOW)

    assert refusal.value.lines == [
        {"date": "2099-12-01", "used": 1, "limit": 1, "closed": False, "reason": "", "next_date": "2099-12-02"}
    ]
    assert SalesOrder.objects.get(pk=second.id).status == "draft"


@pytest.mark.django_db
def test_a_day_is_overfilled_knowingly_with_a_reason_by_who_plans_deliveries():
    world = make_world()
    product = make_product(world, stock=9)
    limited(world, limit=0)
    order = ordered(world, product)
    seller = make_user(world.company, "salesperson")
    SalesOrder.objects.filter(pk=order.id).update(salesperson=seller)
    asked = {"order_id": order.id, "full_day": "over", "at": NOW}

    with pytest.raises(ReasonMissing):
        confirm_order(by=world.owner, **asked)
    with pytest.raises(Forbidden):
        confirm_order(by=seller, day_reason="Mendesak", **asked)
    assert SalesOrder.objects.get(pk=order.id).status == "draft"
    confirm_order(by=world.owner, day_reason="Mendesak", **asked)

    told = AuditEntry.objects.get(subject_id=order.id, verb="confirm").data
    assert (told["over_reason"], told["over_capacity"][0]["date"]) == ("Mendesak", "2099-12-01")


@pytest.mark.django_db
def test_another_day_that_is_full_is_refused_and_the_order_stays():
    world = make_world()
    product = make_product(world, stock=9)
    limited(world)
    first, second = ordered(world, product), ordered(world, product, NEXT)
    for one in (first, second):
        confirm_order(order_id=one.id, by=world.owner, at=NOW)
    asked = {"order_id": second.id, "planned_date": DAY, "reason": "Toko minta", "by": world.owner, "at": NOW}

    with pytest.raises(DayFull):
        reschedule_order(**asked)
    assert SalesOrder.objects.get(pk=second.id).planned_date == NEXT
    reschedule_order(over=True, **asked)

    assert SalesOrder.objects.get(pk=second.id).planned_date == DAY


@pytest.mark.django_db
def test_limits_cost_confirming_three_statements_however_many_lines():
    world = make_world()
    product = make_product(world, stock=99)

    def statements(count):
        order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(1))] * count, planned_date=DAY)
        with CaptureQueriesContext(connection) as told:
            confirm_order(order_id=order.id, by=world.owner, at=NOW)
        return len(told)

    statements(1)
    plain = statements(1)
    limited(world, limit=50)

    assert [statements(1), statements(8)] == [plain + 3, plain + 3]


@pytest.mark.django_db
def test_the_dialog_offers_the_next_day_and_the_week_shows_what_is_taken():
    world = make_world()
    product = make_product(world, stock=9)
    limited(world)
    first, second = ordered(world, product), ordered(world, product)
    confirm_order(order_id=first.id, by=world.owner, at=NOW)
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"

    dialog = browser.get(f"/orders/{second.id}/confirmation").content.decode()
    browser.post(f"/orders/{second.id}/confirmation", {"full-day": "move", "other-day": "2099-12-02"})
    week = browser.get("/deliveries/week?date=2099-12-01").content.decode()

    second.refresh_from_db()
    assert "1 Dec 2099: 1 of 1 are taken." in dialog
    assert (second.status, second.planned_date) == ("confirmed", NEXT)
    assert week.count("1 of 1") == 2


@pytest.mark.django_db
def test_limits_are_set_on_their_page_and_read_by_a_program():
    world = make_world()
    place = Warehouse.objects.get(company=world.company)
    typed = {"is_active": "on", "measure": "lines", "open_days": ["0", "1"], "limit_0": "20", "rests_on_holidays": "on",
             "days": "2099-12-24 Stock opname\n2099-12-23 40 Ramai"}  # fmt: skip

    signed_in(world).post(f"/settings/warehouses/{place.id}/capacity", typed)
    wrong = signed_in(world).post(f"/settings/warehouses/{place.id}/capacity", typed | {"days": "besok"})
    told = Api(world.owner).get(f"warehouses/{place.id}/capacity").json()

    assert wrong.status_code == 422
    assert (told["measure"], told["open_days"], told["limits"][:2]) == ("lines", [0, 1], [20, None])
    assert [(one["date"], one["is_closed"], one["limit"]) for one in told["days"]] == [
        ("2099-12-23", False, 40), ("2099-12-24", True, None)
    ]  # fmt: skip
    Api(world.owner).send("put", f"warehouses/{place.id}/capacity", told | {"is_active": False})
    assert Api(world.owner).get(f"warehouses/{place.id}/capacity").json()["is_active"] is False


@pytest.mark.django_db
def test_a_line_that_gets_another_day_is_counted_there_with_the_orders_other_lines():
    world = make_world()
    place = Warehouse.objects.get(company=world.company)
    given = CapacityInput(True, "lines", range(6), [1] * 7)
    save_capacity(warehouse_id=place.id, given=given, by=world.owner, at=NOW)
    product = make_product(world, stock=9)
    lines = [LineInput(product_id=product.id, quantity=Decimal(1), planned_date=day) for day in (None, NEXT)]
    order = make_order(world, lines, planned_date=DAY)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    line = order.lines.get(position=2)

    with pytest.raises(DayFull):
        reschedule_order(order_id=order.id, planned_date=DAY, line_ids=[line.id], reason="x", by=world.owner, at=NOW)

    line.refresh_from_db()
    assert line.planned_date == NEXT

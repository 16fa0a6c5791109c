"""The earliest day that is offered, and why it is no sooner one."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.rules.load import GoodsLoad
from niaga.sales.models import DropShip, SalesOrder
from niaga.sales.queries.drop_ships import straight_days
from niaga.sales.queries.earliest_day import earliest_day_of
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.rules.earliest_day import Days, Reason, Wanted, find_days
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.confirm_order import confirm_order
from niaga.stock.models import Warehouse
from niaga.stock.rules.capacity import Capacity, OwnDay
from niaga.stock.rules.day_load import DayLoad
from niaga.stock.rules.promise import Step
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from tests.api import Api
from tests.makers import NOW, make_order, make_product, make_world, signed_in

D = Decimal
COFFEE, TEA = UUID(int=1), UUID(int=2)
TUESDAY = date(2026, 12, 1)
WED, THU, FRI = (TUESDAY + timedelta(n) for n in (1, 2, 3))
STEPS = {COFFEE: [Step(None, D(5)), Step(THU, D(20))], TEA: [Step(None, D(9))]}
LINES = [Wanted("a", "Kopi", {COFFEE: D(4)}), Wanted("b", "Teh", {TEA: D(2)}), Wanted("c", "Kopi lagi", {COFFEE: D(4)})]


def test_all_at_once_waits_for_the_last_goods_and_for_a_day_with_room():
    capacity = Capacity(range(6), {"orders": [1] * 7})
    days = Days(TUESDAY, TUESDAY, capacity, {THU: DayLoad(1)})

    found = find_days(LINES, steps=STEPS, days=days)

    assert found.together.day == FRI
    assert found.together.reasons == (
        Reason("goods", THU, "Kopi lagi"),
        Reason("full", THU, used=D(1), limit=1, measure="orders"),
    )


def test_in_parts_each_line_leaves_when_its_goods_are_there_and_lines_of_a_product_in_their_order():
    found = find_days(LINES, steps=STEPS, days=Days(TUESDAY, TUESDAY))

    assert {key: one.day for key, one in found.parts.items()} == {"a": TUESDAY, "b": TUESDAY, "c": THU}
    assert found.part_days == [TUESDAY, THU]
    assert find_days(LINES, steps=STEPS, days=Days(TUESDAY, TUESDAY)) == found


def test_a_day_that_counts_lines_takes_as_many_of_an_order_as_fit():
    days = Days(TUESDAY, TUESDAY, Capacity(range(7), {"lines": [2] * 7}), {TUESDAY: DayLoad(1, 1)})

    found = find_days(LINES, steps={**STEPS, COFFEE: [Step(None, D(99))]}, days=days)

    assert [one.day for one in found.parts.values()] == [TUESDAY, WED, WED]
    assert found.together.day is None  # three lines never fit into a day of two
    assert found.together.reasons[-1].code == "none"


def test_a_day_with_a_limit_by_weight_takes_lines_until_it_is_full_and_of_unknown_weight_any_number():
    limits = {"orders": [None] * 7, "weight": [100] * 7}
    days = Days(TUESDAY, TUESDAY, Capacity(range(7), limits), {TUESDAY: DayLoad(1, 1, GoodsLoad(D("70.5"), lines=1))})
    heavy = [line._replace(load=GoodsLoad(D(25), lines=1)) for line in LINES]

    found = find_days(heavy, steps={**STEPS, COFFEE: [Step(None, D(99))]}, days=days)
    unknown = find_days(LINES, steps={**STEPS, COFFEE: [Step(None, D(99))]}, days=days)

    assert [one.day for one in found.parts.values()] == [TUESDAY, WED, WED]
    assert found.together == (WED, (Reason("full", TUESDAY, used=D("70.5"), limit=100, measure="weight"),))
    assert unknown.together.day == TUESDAY


def test_goods_that_nobody_expects_stop_the_whole_but_not_the_parts():
    found = find_days(LINES, steps={COFFEE: [Step(None, D(4))], TEA: [Step(None, D(9))]}, days=Days(TUESDAY, TUESDAY))

    assert (found.together.day, found.together.reasons) == (None, (Reason("never", name="Kopi lagi"),))
    assert [one.day for one in found.parts.values()] == [TUESDAY, TUESDAY, None]


def test_no_day_is_offered_before_the_one_that_was_asked_for():
    found = find_days(LINES[1:2], steps=STEPS, days=Days(TUESDAY, TUESDAY), asked=FRI)

    assert (found.together.day, found.together.reasons) == (FRI, (Reason("asked", FRI),))


def test_lead_time_counts_open_days_and_the_hour_makes_it_the_next_day():
    closed = {THU: OwnDay(True, None, "Stock opname")}
    capacity = Capacity(range(6), {"orders": [None] * 7}, own=closed, lead_days=1, cut_off=time(14))

    assert capacity.first_day(datetime(2026, 12, 1, 13, 59)) == WED
    assert capacity.first_day(datetime(2026, 12, 1, 14)) == FRI  # of Wednesday, and Thursday is closed
    assert Capacity(range(6), {"orders": [None] * 7}).first_day(datetime(2026, 12, 6, 9)) == date(2026, 12, 7)


def test_what_a_supplier_sends_straight_asks_nothing_of_stock_or_of_the_warehouses_days():
    full = Days(TUESDAY, WED, Capacity(range(7), {"lines": [1] * 7}), {WED: DayLoad(1, 1)})
    cups = Wanted("d", "Cangkir", {}, straight=TUESDAY)

    alone = find_days([cups], steps={}, days=full)
    beside = find_days([LINES[1], cups._replace(straight=FRI)], steps=STEPS, days=full)

    assert (alone.together, alone.parts["d"]) == ((TUESDAY, ()), (TUESDAY, ()))
    assert [one.day for one in beside.parts.values()] == [THU, FRI]
    assert beside.together == (FRI, (Reason("goods", FRI, "Cangkir"),))


def shop():
    world = make_world()
    coffee, tea = make_product(world, stock=5, name="Kopi"), make_product(world, stock=900, name="Teh")
    place = Warehouse.objects.get(company=world.company)
    expect_receipt(
        warehouse_id=place.id, supplier="CV Kebun", reference="", expected_date=NOW.date() + timedelta(2),
        items=[StockItem(D(50), product_id=coffee.id)], by=world.owner, at=NOW,
    )  # fmt: skip
    return world, place, coffee, tea


@pytest.mark.django_db
def test_two_hundred_lines_cost_as_many_statements_as_one():
    world, place, _coffee, tea = shop()
    save_capacity(
        warehouse_id=place.id, given=CapacityInput(True, "lines", range(7), [500] * 7), by=world.owner, at=NOW
    )

    def statements(count):
        order = make_order(world, [LineInput(product_id=tea.id, quantity=D(1))] * count)
        lines = shown_order_lines(order_id=order.id)
        with CaptureQueriesContext(connection) as told:
            straight = straight_days(order=order, today=NOW.date())
            found = earliest_day_of(order=order, lines=lines, straight=straight, at=NOW)
        assert found.together.day == NOW.date()
        return len(told)

    assert (statements(1), statements(200)) == (6, 6)


@pytest.mark.django_db
def test_the_api_and_the_grid_tell_the_day_and_the_dialog_takes_it(time_machine):
    time_machine.move_to(NOW, tick=False)
    world, _place, coffee, tea = shop()
    later = NOW.date() + timedelta(2)
    order = make_order(world, [LineInput(product_id=one.id, quantity=D(8)) for one in (coffee, tea)])
    api, browser = Api(world.owner), signed_in(world)
    browser.cookies["niaga_language"] = "en"

    told = api.client.get(f"/api/v1/orders/{order.id}/earliest-day").json()
    asked = api.send("post", "earliest-days", {"lines": [{"product_id": str(coffee.id), "quantity": 999}]}).json()
    unknown = api.send("post", "earliest-days", {"lines": [{"product_id": str(world.owner.id), "quantity": 1}]})
    rows = [{"key": "x", "kind": "item", "product": str(coffee.id), "quantity": "8"}]
    grid = browser.post("/sales/grid/earliest", {"lines": rows, "fields": {}}, content_type="application/json")
    dialog = browser.get(f"/orders/{order.id}/confirmation").content.decode()
    by_line = {f"day-of-{one['line_id']}": one["date"] for one in told["parts"]}
    browser.post(f"/orders/{order.id}/confirmation", {
        "version": 1, "full-day": "parts", **by_line, f"line-{told['parts'][0]['line_id']}": "backorder",
    })  # fmt: skip

    assert told["together"]["date"] == str(later)
    assert told["together"]["reasons"][0] == {
        "code": "goods", "date": str(later), "name": "Kopi", "used": 0, "limit": None, "measure": "",
    }  # fmt: skip
    assert [one["date"] for one in told["parts"]] == [str(later), str(NOW.date())]
    assert (asked["together"]["date"], unknown.status_code) == (None, 422)
    assert "Kopi: goods come 25 Nov 2026" in grid.content.decode()
    assert "As early as possible, in parts" in dialog
    saved = SalesOrder.objects.get(pk=order.id)
    assert (saved.status, saved.planned_date) == ("confirmed", NOW.date())
    assert list(saved.lines.order_by("position").values_list("planned_date", flat=True)) == [later, None]


@pytest.mark.django_db
def test_goods_straight_from_a_supplier_are_offered_for_the_suppliers_day(time_machine):
    time_machine.move_to(NOW, tick=False)
    world = make_world()
    details = SupplierDetails("CV Kebun Kopi", lead_days=4)
    supplier = save_supplier(supplier_id=None, company_id=world.company.id, details=details, by=world.owner, at=NOW)
    coffee = make_product(world, name="Kopi")
    save_supply(product_id=coffee.id, company_id=world.company.id, supplier_id=supplier.id, by=world.owner, at=NOW)
    order = make_order(world, [LineInput(product_id=coffee.id, quantity=D(8))])
    api, said = Api(world.owner), NOW.date() + timedelta(9)

    def told():
        return api.client.get(f"/api/v1/orders/{order.id}/earliest-day").json()["together"]["date"]

    asked = api.send("post", "earliest-days", {"lines": [{"product_id": str(coffee.id), "quantity": 8}]}).json()
    usual = str(NOW.date() + timedelta(4))

    assert (asked["together"]["date"], told()) == (usual, usual)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    assert told() == usual
    confirm_drop_ship(drop_ship_id=DropShip.objects.get().id, promised_date=said, by=world.owner, at=NOW)
    assert told() == str(said)

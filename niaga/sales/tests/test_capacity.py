"""Days of a warehouse that are closed or full."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.rules.load import GoodsLoad
from niaga.catalog.rules.product import NewPacking
from niaga.core.errors import Forbidden
from niaga.core.models import AuditEntry
from niaga.sales.errors import DayFull
from niaga.sales.models import SalesOrder
from niaga.sales.queries.day_loads import day_loads
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Warehouse
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.rules.capacity import Capacity, OwnDay, Room
from niaga.stock.rules.day_load import DayLoad
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from tests.api import Api
from tests.makers import NOW, make_bundle, make_order, make_product, make_user, make_world, signed_in

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
    capacity = Capacity(range(6), {"orders": [1] * 7}, own=closed)
    taken = dict.fromkeys((date(2026, 12, 24), date(2026, 12, 26)), DayLoad(1))

    found = capacity.next_free(since=date(2026, 12, 24), used=taken, more=DayLoad(1))

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


def weighed_shop(kilos=100, **more):
    """A warehouse whose days take so many kilograms, tea of 2.5 kg, and something of unknown weight."""
    world = make_world()
    place = Warehouse.objects.get(company=world.company)
    given = CapacityInput(True, "orders", range(6), [None] * 7, weight_limits=[kilos] * 7, **more)
    save_capacity(warehouse_id=place.id, given=given, by=world.owner, at=NOW)
    return world, make_product(world, stock=900, weight=Decimal("2.5")), make_product(world, stock=900)


def of(product, quantity, **more):
    return LineInput(product_id=product.id, quantity=Decimal(quantity), **more)


@pytest.mark.django_db
def test_a_day_that_is_full_by_weight_tells_by_how_much_and_what_has_no_weight():
    world, tea, plain = weighed_shop()
    first = make_order(world, [of(tea, 30)], planned_date=DAY)
    confirm_order(order_id=first.id, by=world.owner, at=NOW)
    second = make_order(world, [of(tea, 11), of(plain, 500), of(plain, 1)], planned_date=DAY)
    light = make_order(world, [of(plain, 99)], planned_date=DAY)
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"

    with pytest.raises(DayFull) as refusal:
        confirm_order(order_id=second.id, by=world.owner, at=NOW)
    dialog = browser.get(f"/orders/{second.id}/confirmation").content.decode()
    confirm_order(order_id=light.id, by=world.owner, at=NOW)  # what is not known counts as nothing
    week = browser.get("/deliveries/week?date=2099-12-01").content.decode()

    assert refusal.value.lines == [
        {"date": "2099-12-01", "used": 75, "limit": 100, "closed": False, "measure": "weight", "more": "27.5",
         "unweighed": 2, "reason": "", "next_date": "2099-12-02"}
    ]  # fmt: skip
    assert SalesOrder.objects.get(pk=second.id).status == "draft"
    assert "1 Dec 2099: 75 kg of 100 kg are taken. This order brings 27.5 kg. 2 lines of it have no weight" in dialog
    assert "75 kg of 100 kg" in week
    assert "1 line has no weight" in week


@pytest.mark.django_db
def test_what_left_weighs_no_more_and_boxes_and_bundles_weigh_their_own():
    world, tea, _plain = weighed_shop()
    box = make_product(
        world, stock=90, weight=Decimal(1), units=(NewPacking(unit="box", factor=Decimal(12), weight=Decimal(13)),)
    )
    bundle = make_bundle(world, {tea.id: 2, box.id: 1})
    order = make_order(world, [of(box, 2, unit="box"), of(bundle, 3), of(tea, 4)], planned_date=DAY)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    place = Warehouse.objects.get(company=world.company)
    asked = {"warehouse_id": place.id, "days": [DAY], "weighs": True}

    before = day_loads(**asked)[DAY]
    sent = deliver_order(
        order_id=order.id, quantities={order.lines.get(position=1).id: Decimal(1)}, by=world.owner, at=NOW
    )
    ship_order_delivery(delivery_id=sent, by=world.owner, at=NOW)

    assert (before.orders, before.lines, before.goods.weight) == (1, 3, Decimal(54))  # 2 x 13, 3 x 6, 4 x 2.5
    assert day_loads(**asked)[DAY].goods.weight == 41
    assert day_loads(**asked | {"weighs": False})[DAY].goods.weight == 0


@pytest.mark.django_db
def test_an_order_that_grows_heavier_on_its_full_day_is_asked_about_and_one_that_shrinks_is_not():
    world, tea, _plain = weighed_shop()
    order = make_order(world, [of(tea, 36)], planned_date=DAY)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    line = order.lines.get()

    def amend(quantity):
        amend_order(
            order_id=order.id, version=None, by=world.owner, at=NOW, planned_date=DAY,
            lines=[LineInput(id=line.id, product_id=tea.id, quantity=Decimal(quantity))],
        )  # fmt: skip
        line.refresh_from_db()
        return line.quantity

    assert amend(40) == 40
    with pytest.raises(DayFull):
        amend(41)
    line.refresh_from_db()
    assert line.quantity == 40
    assert amend(39) == 39


@pytest.mark.django_db
def test_an_order_moves_to_a_day_that_bears_it_and_a_limit_by_weight_costs_one_statement_more():
    world, tea, _plain = weighed_shop()
    for day, pieces in ((DAY, 20), (NEXT, 30)):
        order = make_order(world, [of(tea, pieces)], planned_date=day)
        confirm_order(order_id=order.id, by=world.owner, at=NOW)
    first = SalesOrder.objects.get(planned_date=DAY)
    asked = {"order_id": first.id, "reason": "Toko minta", "by": world.owner, "at": NOW}

    def statements(count):
        many = make_order(world, [of(tea, 1)] * count, planned_date=date(2099, 12, 8))
        with CaptureQueriesContext(connection) as told:
            confirm_order(order_id=many.id, by=world.owner, at=NOW)
        return len(told)

    with pytest.raises(DayFull):
        reschedule_order(planned_date=NEXT, **asked)
    reschedule_order(planned_date=date(2099, 12, 3), **asked)
    statements(1)
    weighed = [statements(1), statements(8)]
    limited(world, limit=50)

    assert SalesOrder.objects.get(pk=first.id).planned_date == date(2099, 12, 3)
    assert weighed == [statements(1) + 1] * 2


@pytest.mark.django_db
def test_limits_by_weight_and_volume_are_set_on_the_page_and_a_day_may_have_its_own():
    world = make_world()
    place = Warehouse.objects.get(company=world.company)
    typed = {"is_active": "on", "measure": "orders", "open_days": ["0", "1"], "limit_0": "20", "weight_0": "2500",
             "volume_1": "12", "days": "2099-12-22 900kg Ramai\n2099-12-23 40 3000KG 15m3 Ramai"}  # fmt: skip

    saved = signed_in(world).post(f"/settings/warehouses/{place.id}/capacity", typed)
    page = signed_in(world).get(f"/settings/warehouses/{place.id}/capacity").content.decode()
    told = Api(world.owner).get(f"warehouses/{place.id}/capacity").json()
    again = Api(world.owner).send("put", f"warehouses/{place.id}/capacity", told).json()
    capacity = capacity_of(warehouse_id=place.id, since=DAY)

    assert saved.status_code == 303
    assert "2099-12-23 40 3000kg 15m3 Ramai" in page
    assert again == told
    assert (told["weight_limits"][:2], told["volume_limits"][:2]) == ([2500, None], [None, 12])
    assert capacity.room(date(2099, 12, 21)).limits == {"orders": 20, "weight": 2500}
    assert capacity.room(date(2099, 12, 22)).limits == {"weight": 900, "volume": 12}
    assert capacity.room(date(2099, 12, 23)).limits == {"orders": 40, "weight": 3000, "volume": 15}


def test_a_day_never_takes_more_than_its_limits_whatever_comes_in_which_order():
    """A seeded walk: what `takes` lets in never passes a limit, and what it keeps out would."""
    dice = Random(20261128)
    room = Room(True, {"orders": 12, "weight": 500, "volume": 3})
    for _turn in range(300):
        used = DayLoad()
        for _order in range(20):
            goods = GoodsLoad(Decimal(dice.randrange(9000)) / 100, Decimal(dice.randrange(60000)) / 100)
            more = DayLoad(1, dice.randrange(1, 9), goods)
            then = used.also(more)
            fits = all(then.of(measure) <= limit or not more.of(measure) for measure, limit in room.limits.items())
            assert room.takes(used=used, more=more) is fits
            used = then if fits else used
        assert all(used.of(measure) <= limit for measure, limit in room.limits.items())

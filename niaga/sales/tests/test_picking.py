"""A day is planned, picked by several, and leaves as it was picked."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, WrongState
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.plan_deliveries import orders_due, plan_deliveries
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import NothingToPlan, NotYourLine, ReasonMissing, TooMuchPicked
from niaga.stock.models import (
    Delivery,
    DeliveryLine,
    DeliveryRoute,
    PickLine,
    PickList,
    PickRecord,
    RouteStop,
    StockLevel,
    Warehouse,
)
from niaga.stock.services.hand_back_lines import hand_back_lines
from niaga.stock.services.name_places import name_places
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from niaga.stock.services.take_lines import take_lines
from tests.makers import NOW, World, make_bundle, make_confirmed_order, make_order, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def home(world: World) -> Warehouse:
    return Warehouse.objects.get(company=world.company)


def line(product, quantity: int = 2) -> LineInput:
    return LineInput(product_id=product.id, quantity=Decimal(quantity))


def planned(world: World, *orders) -> PickList:
    """The one pick list of a day."""
    plan = plan_deliveries(warehouse_id=home(world).id, date=TODAY, by=world.owner, at=NOW)
    return PickList.objects.get(pk=plan.list_ids[0])


def pick(one: PickLine, quantity: int | None = None, *, by, key=None, reason: str = "") -> PickLine:
    size = one.quantity if quantity is None else Decimal(quantity)
    return record_pick(key=key or uuid4(), line_id=one.id, quantity=size, reason=reason, by=by, at=NOW)


def test_all_that_is_due_is_planned_in_one_deed_and_fetched_in_walking_order():
    world = make_world()
    tea, coffee = make_product(world, stock=50), make_product(world, stock=50)
    name_places(warehouse_id=home(world).id, places={tea.id: "B-10", coffee.id: "A-2"}, by=world.owner, at=NOW)
    truck = save_vehicle(
        vehicle_id=None, details=VehicleDetails(home(world).id, "l 1234 xy", driver="Budi", stops=9), by=world.owner,
        at=NOW,
    )  # fmt: skip
    for _turn in range(2):
        make_confirmed_order(world, [line(tea), line(coffee)])
    make_confirmed_order(world, [line(tea)], planned_date=TODAY + timedelta(1))

    plan = plan_deliveries(warehouse_id=home(world).id, date=TODAY, by=world.owner, at=NOW)

    route = DeliveryRoute.objects.get()
    found = PickList.objects.get(pk=plan.list_ids[0])
    assert (plan.deliveries, route.vehicle_id, route.driver, truck.plate) == (2, truck.id, "Budi", "L 1234 XY")
    assert (route.number, found.number) == ("RT-2026-00001-1", "PL-2026-00001-1")
    assert list(RouteStop.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert list(PickLine.objects.order_by("position").values_list("place", "quantity")) == [
        ("A-2", 2), ("A-2", 2), ("B-10", 2), ("B-10", 2),
    ]  # fmt: skip
    with pytest.raises(NothingToPlan):
        plan_deliveries(warehouse_id=home(world).id, date=TODAY, by=world.owner, at=NOW)


def test_an_order_of_which_less_is_held_than_one_of_its_unit_is_not_due():
    world = make_world()
    coffee = make_product(world, stock=1)
    order = make_order(world, [line(coffee, 2)])
    confirm_order(order_id=order.id, by=world.owner, at=NOW, shortage="backorder")
    waits = make_order(world, [line(make_product(world))])
    confirm_order(order_id=waits.id, by=world.owner, at=NOW, shortage="backorder")

    assert orders_due(warehouse_id=home(world).id, date=TODAY) == [order.id]
    planned(world)
    assert orders_due(warehouse_id=home(world).id, date=TODAY) == []


def test_planning_is_as_many_statements_for_twenty_deliveries_as_for_one():
    world = make_world()
    coffee = make_product(world, stock=500)

    def statements(size: int) -> int:
        for _turn in range(size):
            deliver_order(order_id=make_confirmed_order(world, [line(coffee)]).id, by=world.owner, at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as told:
            plan_day(warehouse_id=home(world).id, date=TODAY, by=world.owner, at=NOW)
        return len(told)

    assert statements(1) == statements(20)


def test_two_pickers_of_one_list_never_have_the_same_line():
    world = make_world()
    products = [make_product(world, stock=9) for _turn in range(15)]
    make_confirmed_order(world, [line(one) for one in products])
    found = planned(world)
    budi, sari = make_user(world.company, "owner"), make_user(world.company, "owner")

    counts = [take_lines(pick_list_id=found.id, by=who, at=NOW) for who in (budi, sari, budi)]

    assert counts == [10, 5, 10]
    hers = PickLine.objects.filter(picker_id=sari.id).first()
    with pytest.raises(NotYourLine):
        pick(hers, by=budi)
    assert not PickRecord.objects.exists()
    assert set(Delivery.objects.values_list("status", flat=True)) == {"picking"}
    assert hand_back_lines(pick_list_id=found.id, by=sari, at=NOW) == 5
    pick(PickLine.objects.filter(picker_id=budi.id).first(), by=budi)
    assert hand_back_lines(pick_list_id=found.id, everyones=True, by=world.owner, at=NOW) == 9


def test_what_a_phone_sends_twice_counts_once_and_the_last_line_closes_the_list():
    world = make_world()
    coffee = make_product(world, stock=9)
    make_confirmed_order(world, [line(coffee)])
    found = planned(world)
    take_lines(pick_list_id=found.id, by=world.owner, at=NOW)
    one, key = PickLine.objects.get(), uuid4()

    pick(one, by=world.owner, key=key)
    pick(one, by=world.owner, key=key)

    found.refresh_from_db()
    assert (PickRecord.objects.count(), found.status) == (1, "done")


def test_a_short_pick_needs_a_reason_ships_what_is_there_and_leaves_the_rest_in_the_order():
    world = make_world()
    coffee = make_product(world, stock=9)
    order = make_confirmed_order(world, [line(coffee, 5)])
    found = planned(world)
    take_lines(pick_list_id=found.id, by=world.owner, at=NOW)
    one = PickLine.objects.get()
    for quantity, refusal in ((3, ReasonMissing), (6, TooMuchPicked), (-1, TooMuchPicked)):
        with pytest.raises(refusal):
            pick(one, quantity, by=world.owner)
    assert not PickRecord.objects.exists()

    pick(one, 3, by=world.owner, reason="Pecah di rak")
    ship_order_delivery(delivery_id=Delivery.objects.get().id, by=world.owner, at=NOW)

    row = order.lines.get()
    assert (row.shipped, row.in_delivery, DeliveryLine.objects.get().quantity) == (3, 3, 3)
    level = StockLevel.objects.get(product=coffee)
    assert (level.on_hand, level.reserved) == (6, 2)  # the rest stays held for a later delivery
    with pytest.raises(WrongState):
        pick(one, by=world.owner)


def test_a_bundle_is_picked_by_its_parts_and_leaves_as_whole_as_its_scarcest_part():
    world = make_world()
    cup, tea = make_product(world, stock=40), make_product(world, stock=40)
    order = make_confirmed_order(world, [line(make_bundle(world, {cup.id: 2, tea.id: 1}), 4)])
    found = planned(world)
    take_lines(pick_list_id=found.id, by=world.owner, at=NOW)
    cups, teas = PickLine.objects.get(product=cup), PickLine.objects.get(product=tea)

    pick(teas, by=world.owner)
    pick(cups, 7, by=world.owner, reason="Pecah")
    ship_order_delivery(delivery_id=Delivery.objects.get().id, by=world.owner, at=NOW)

    assert (cups.quantity, teas.quantity, order.lines.get().shipped) == (8, 4, 3)
    assert StockLevel.objects.get(product=cup).on_hand == 34


def test_who_may_only_look_at_stock_neither_plans_nor_picks():
    world = make_world()
    make_confirmed_order(world, [line(make_product(world, stock=9))])
    found = planned(world)
    seller = make_user(world.company, "salesperson")

    with pytest.raises(Forbidden):
        take_lines(pick_list_id=found.id, by=seller, at=NOW)
    with pytest.raises(Forbidden):
        plan_day(warehouse_id=home(world).id, date=TODAY, by=seller, at=NOW)

    assert PickLine.objects.get().picker_id is None

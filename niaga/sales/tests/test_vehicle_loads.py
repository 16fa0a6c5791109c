"""Vehicles that carry so much: planned within it, given by hand beyond it only knowingly."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.core.models import AuditEntry
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.sales.tests.together import make_waiting
from niaga.stock.errors import ReasonMissing, VehicleOverloaded
from niaga.stock.models import Delivery, DeliveryRoute, RouteStop, Vehicle, Warehouse
from niaga.stock.services.name_vehicle import name_vehicle
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from tests.api import Api
from tests.makers import NOW, make_confirmed_order, make_customer, make_product, make_user, make_world, signed_in

pytestmark = pytest.mark.django_db
D = Decimal


def home(world):
    return Warehouse.objects.get(company=world.company)


def truck(world, plate="L 1 AA", **facts):
    details = VehicleDetails(home(world).id, plate, **facts)
    return save_vehicle(vehicle_id=None, details=details, by=world.owner, at=NOW)


def ordered(world, *kilos):
    """An order a figure, of goods that weigh ten kilograms each."""
    sack = make_product(world, stock=5_000, weight=D(10), volume=D(20))
    return [make_confirmed_order(world, [LineInput(product_id=sack.id, quantity=D(one) / 10)]).number for one in kilos]


def plan(world):
    return plan_deliveries(warehouse_id=home(world).id, date=NOW.date(), by=world.owner, at=NOW)


def routes():
    """By vehicle, the orders that each carries."""
    found = {}
    for plate, number in RouteStop.objects.values_list("route__vehicle__plate", "delivery__source_number"):
        found.setdefault(plate, set()).add(number)
    return found


def test_a_day_is_planned_within_what_vehicles_carry_and_what_is_too_heavy_for_any_is_told():
    world = make_world()
    truck(world, max_weight=D(1000), max_volume=D(9))
    full, light, giant = ordered(world, 800, 100, 1500)

    done = plan(world)
    first = routes()
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"
    day = browser.get(f"/deliveries/day?date={NOW.date()}").content.decode()
    more, last = ordered(world, 150, 90)
    plan(world)  # what is planned already counts

    assert first == {"L 1 AA": {full, light}, None: {giant}}
    assert (done.deliveries, done.too_heavy) == (3, 1)
    assert "900 kg of 1,000 kg" in day
    assert "1.8 m³ of 9 m³" in day
    assert day.count("Too much for any vehicle") == 1
    assert routes() == {"L 1 AA": {full, light, last}, None: {giant, more}}


def test_a_route_given_to_a_vehicle_by_hand_is_asked_about_by_how_much_and_overloaded_with_a_reason():
    world = make_world()
    ordered(world, 1250)
    plan(world)
    route = DeliveryRoute.objects.get()
    small = truck(world, max_weight=D(1000), driver="Budi")
    asked = {"route_id": route.id, "vehicle_id": small.id, "by": world.owner, "at": NOW}

    with pytest.raises(VehicleOverloaded) as refusal:
        name_vehicle(**asked)
    with pytest.raises(ReasonMissing):
        name_vehicle(**asked, over=True)
    with pytest.raises(Forbidden):
        name_vehicle(**asked | {"by": make_user(world.company, "salesperson")}, over=True, reason="Mendesak")
    with pytest.raises(NotFound):
        name_vehicle(**asked | {"vehicle_id": make_user(world.company, "owner").id})
    assert DeliveryRoute.objects.get().vehicle_id is None
    done = name_vehicle(**asked, over=True, reason="Dua kali jalan")

    assert refusal.value.lines == [{"measure": "weight", "load": "1250", "left": "1000", "over": "250"}]
    assert (done.vehicle_id, done.driver, done.version) == (small.id, "Budi", 2)
    told = AuditEntry.objects.get(subject_id=route.id, verb="name_vehicle")
    assert (told.note, told.data["overloaded"][0]["over"]) == ("Dua kali jalan", "250")
    back = name_vehicle(**asked | {"vehicle_id": None})
    assert (back.vehicle_id, back.driver) == (None, "")


def test_the_page_asks_with_by_how_much_and_programs_are_answered_each_measure():
    world = make_world()
    ordered(world, 1250)
    plan(world)
    route = DeliveryRoute.objects.get()
    small = truck(world, max_weight=D(1000), max_volume=D(1))
    browser, api = signed_in(world), Api(world.owner)
    browser.cookies["niaga_language"] = "en"
    address = f"/routes/{route.id}/vehicle"

    asked = browser.post(address, {"vehicle": str(small.id)}, follow=True).content.decode()
    refused = api.send("put", f"routes/{route.id}/vehicle", {"vehicle_id": str(small.id)})
    given = browser.post(address, {"vehicle": str(small.id), "over": "1", "reason": "Mendesak"})
    day = browser.get(given["Location"]).content.decode()
    told = api.get(f"routes/{route.id}").json()
    loading = browser.get(f"/routes/{route.id}/loading").content.decode()

    assert "Too much by 250 kg: the route has 1,250 kg, the vehicle takes 1,000 kg more." in asked
    assert 'name="over" value="1"' in asked
    assert (refused.status_code, refused.json()["code"]) == (409, "vehicle_overloaded")
    assert [line["over"] for line in refused.json()["lines"]] == ["250", "1.5"]
    assert "1,250 kg of 1,000 kg" in day
    assert "2.5 m³ of 1 m³" in loading
    assert (told["vehicle_id"], told["load"]["weight"]) == (str(small.id), "1250")


def test_limits_of_a_vehicle_are_typed_and_sent_and_cannot_be_nothing():
    world = make_world()
    one = truck(world)
    typed = {"plate": "L 1 AA", "warehouse": str(home(world).id), "stops": "9", "max_weight": "850.5", "max_volume": ""}
    browser, api = signed_in(world), Api(world.owner)
    browser.cookies["niaga_language"] = "en"

    browser.post(f"/settings/vehicles/{one.id}", typed)
    told = api.get(f"vehicles/{one.id}").json()
    given = {name: told[name] for name in told if name not in ("id", "archived_at")}
    sent = api.send("put", f"vehicles/{one.id}", given | {"max_volume": "4.2"}).json()
    for wrong in (D(0), D(-1), D("0.0001"), D("NaN"), D(1_000_000)):
        with pytest.raises(Invalid):
            truck(world, "L 2 BB", max_weight=wrong)

    assert (told["max_weight"], told["max_volume"]) == ("850.5", None)
    assert (sent["max_weight"], sent["max_volume"]) == ("850.5", "4.2")
    assert Vehicle.objects.count() == 1


def test_planning_within_limits_costs_as_many_statements_for_twenty_deliveries_as_for_one():
    world = make_world()
    truck(world, max_weight=D(100_000))

    def statements(size):
        ordered(world, *[10] * size)
        plan_deliveries_of = plan(world)
        assert plan_deliveries_of.deliveries == size
        RouteStop.objects.all().delete()
        with CaptureQueriesContext(connection) as told:
            plan_day(warehouse_id=home(world).id, date=NOW.date(), by=world.owner, at=NOW)
        return len(told)

    assert statements(1) == statements(20)


def test_what_is_put_to_a_stop_has_to_fit_into_the_vehicle_of_its_route():
    world = make_world()
    truck(world, max_weight=D(100))
    customer, sack = make_customer(world), make_product(world, stock=100, weight=D(10))
    first, light, heavy = (
        make_waiting(world, customer, product=sack, quantity=sacks) for sacks in (7, 2, 2)
    )  # fmt: skip
    plan_day(warehouse_id=home(world).id, date=NOW.date(), delivery_ids=[first], by=world.owner, at=NOW)

    put_together(delivery_ids=[first, light], by=world.owner, at=NOW)
    with pytest.raises(VehicleOverloaded) as refused:
        put_together(delivery_ids=[first, heavy], by=world.owner, at=NOW)

    assert refused.value.lines == [{"measure": "weight", "load": "20", "left": "10", "over": "10"}]
    assert set(RouteStop.objects.values_list("delivery_id", flat=True)) == {first, light}
    assert Delivery.objects.get(pk=heavy).joint_id is None
    route = DeliveryRoute.objects.get()
    name_vehicle(route_id=route.id, vehicle_id=None, by=world.owner, at=NOW)
    put_together(delivery_ids=[first, heavy], by=world.owner, at=NOW)
    assert RouteStop.objects.filter(route=route).count() == 3

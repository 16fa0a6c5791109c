"""How a day is planned, and the way through the shelves."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from niaga.stock.rules.plan_routes import Call, Truck, plan_routes
from niaga.stock.rules.walk import walking_order


def call(number: int, city: str = "Surabaya", postcode: str = "60111") -> Call:
    return Call(UUID(int=number), city, "", postcode, "", str(number))


def truck(number: int, room: int, *zones: str) -> Truck:
    return Truck(UUID(int=number), room, zones)


def test_a_vehicle_takes_its_zone_and_one_without_a_zone_what_is_left():
    calls = [call(1), call(2, "Sidoarjo", "61211"), call(3, "Gresik", "61111"), call(4)]

    routes = plan_routes(calls, [truck(90, 5), truck(91, 5, "surabaya"), truck(92, 5, "612")])

    found = {route.vehicle_id.int: [one.int for one in route.delivery_ids] for route in routes if route.vehicle_id}
    assert found == {91: [1, 4], 92: [2], 90: [3]}


def test_what_fits_into_no_vehicle_stands_in_a_route_without_one():
    routes = plan_routes([call(1, postcode="60113"), call(2, postcode="60111"), call(3)], [truck(90, 2)])

    found = [(route.vehicle_id, [one.int for one in route.delivery_ids]) for route in routes]
    assert found == [(UUID(int=90), [2, 3]), (None, [1])]


PLACES = st.tuples(st.sampled_from(["Surabaya", "Gresik"]), st.sampled_from(["60111", "60299", "61111"]))
FLEET = st.tuples(st.integers(-3, 20), st.sampled_from([(), ("Gresik",), ("60",)]))


@given(st.lists(PLACES, max_size=60), st.lists(FLEET, max_size=5))
def test_every_delivery_is_in_one_route_and_no_vehicle_is_beyond_its_room(places, fleet):
    calls = [call(number, *place) for number, place in enumerate(places)]
    trucks = [truck(900 + number, room, *zones) for number, (room, zones) in enumerate(fleet)]

    routes = plan_routes(calls, trucks)

    assert sorted(one for route in routes for one in route.delivery_ids) == [one.delivery_id for one in calls]
    room = {one.vehicle_id: one.room for one in trucks}
    assert all(len(route.delivery_ids) <= room[route.vehicle_id] for route in routes if route.vehicle_id)


def test_shelves_are_walked_by_their_figures_and_goods_without_a_place_come_last():
    places = ["B-1", "A-10", "", "A-2", "a-2-1"]

    assert sorted(places, key=walking_order) == ["A-2", "a-2-1", "A-10", "B-1", ""]

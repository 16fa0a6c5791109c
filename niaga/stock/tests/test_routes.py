"""How a day is planned, and the way through the shelves."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from niaga.catalog.rules.load import GoodsLoad, load_sum
from niaga.stock.rules.plan_routes import Call, Truck, lies_in, plan_routes
from niaga.stock.rules.vehicle_load import Hold, too_heavy_for_all
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


def weighing(number: int, kilos: str, litres: str = "0") -> Call:
    return call(number)._replace(load=GoodsLoad(Decimal(kilos), Decimal(litres), lines=1))


def test_a_vehicle_passes_over_what_is_too_much_for_the_rest_of_it_and_takes_what_still_fits():
    calls = [weighing(1, "700"), weighing(2, "400"), weighing(3, "300"), weighing(4, "1"), weighing(5, "0", "900")]
    limited = truck(90, 9)._replace(hold=Hold(Decimal(1000), Decimal("0.8")))

    routes = plan_routes(calls, [limited])

    found = [(route.vehicle_id and route.vehicle_id.int, [one.int for one in route.delivery_ids]) for route in routes]
    assert found == [(90, [1, 3]), (None, [2, 4, 5])]


def test_what_is_too_much_is_told_to_the_gram_and_what_has_no_weight_never_is():
    hold = Hold(Decimal(1000), Decimal(2))

    (beyond,) = hold.beyond(GoodsLoad(Decimal("1000.001"), Decimal(2000)))

    assert (beyond.measure, beyond.over) == ("weight", Decimal("0.001"))
    assert hold.less(GoodsLoad(Decimal(1200), Decimal(500))) == Hold(Decimal(-200), Decimal("1.5"))
    assert Hold(Decimal(-200)).takes(GoodsLoad(lines=3, unweighed=3))
    assert too_heavy_for_all(GoodsLoad(Decimal(1001)), [hold, Hold(Decimal(900))])
    assert not too_heavy_for_all(GoodsLoad(Decimal(1001)), [hold, Hold()])
    assert not too_heavy_for_all(GoodsLoad(Decimal(1001)), [])


LOADS = st.builds(
    GoodsLoad, st.integers(0, 60_000).map(lambda one: Decimal(one) / 100), st.integers(0, 3_000).map(Decimal)
)
LIMITS = st.builds(
    Hold,
    st.one_of(st.none(), st.integers(-50, 900).map(Decimal)),
    st.one_of(st.none(), st.integers(-1, 6).map(Decimal)),
)


@given(st.lists(st.tuples(PLACES, LOADS), max_size=60), st.lists(st.tuples(FLEET, LIMITS), max_size=5))
def test_no_plan_is_beyond_a_limit_none_drops_a_delivery_and_none_leaves_behind_what_would_have_fitted(places, fleet):
    calls = [call(number, *place)._replace(load=load) for number, (place, load) in enumerate(places)]
    trucks = [
        truck(900 + number, room, *zones)._replace(hold=hold) for number, ((room, zones), hold) in enumerate(fleet)
    ]

    routes = plan_routes(calls, trucks)

    assert sorted(one for route in routes for one in route.delivery_ids) == [one.delivery_id for one in calls]
    loads = {one.delivery_id: one.load for one in calls}
    behind = [one for one in calls if any(one.delivery_id in r.delivery_ids for r in routes if r.vehicle_id is None)]
    for one in trucks:
        taken = [key for route in routes if route.vehicle_id == one.vehicle_id for key in route.delivery_ids]
        carried = load_sum(loads[key] for key in taken)
        assert len(taken) <= max(0, one.room)
        assert one.hold.takes(carried)
        for left in behind:
            fits = len(taken) < one.room and one.hold.less(carried).takes(left.load)
            assert not (fits and (not one.zones or lies_in(left, one.zones)))


def test_shelves_are_walked_by_their_figures_and_goods_without_a_place_come_last():
    places = ["B-1", "A-10", "", "A-2", "a-2-1"]

    assert sorted(places, key=walking_order) == ["A-2", "a-2-1", "A-10", "B-1", ""]


def test_what_travels_together_is_weighed_as_one_and_stays_together():
    pair = [weighing(number, "600")._replace(together="a") for number in (1, 2)]
    limited = truck(90, 9)._replace(hold=Hold(Decimal(1000)))

    routes = plan_routes([*pair, weighing(3, "400")], [limited])

    found = [(route.vehicle_id and route.vehicle_id.int, [one.int for one in route.delivery_ids]) for route in routes]
    assert found == [(90, [3]), (None, [1, 2])]

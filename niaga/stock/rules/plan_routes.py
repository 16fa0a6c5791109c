"""Which vehicle brings which deliveries of a day, and in which order.

Vehicles with zones take what lies in their zones; vehicles without take what is left; what fits into none stands in
routes without a vehicle, so that it is picked all the same and somebody sees it. A vehicle with a limit by weight or
volume passes over what is too much for what is left of it, and takes what comes after and fits. Within a vehicle's day
stops go by post code, district and street: Indonesian post codes are hierarchical (the first two figures a province,
then regency and district), so neighbours in code are neighbours on the road. Addresses have no coordinates.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from niaga.catalog.rules.load import GoodsLoad, load_sum
from niaga.stock.rules.vehicle_load import Hold

MOST_WITHOUT_VEHICLE = 40
"""How many deliveries stand in one route that has no vehicle: as many as one walk through the shelves can bear."""


class Call(NamedTuple):
    """A delivery that has to leave, and where it goes."""

    delivery_id: UUID
    city: str
    district: str
    postcode: str
    street: str
    customer: str
    together: str = ""
    """What travels with it has the same; nothing: it travels alone."""
    load: GoodsLoad = GoodsLoad()

    @property
    def stop(self) -> str:
        """What is one stop has the same."""
        return self.together or str(self.delivery_id)


class Truck(NamedTuple):
    """A vehicle with room for `room` more stops on that day: deliveries, or such as travel together; and for what
    `hold` takes beside what it has."""

    vehicle_id: UUID
    room: int
    zones: tuple[str, ...]
    hold: Hold = Hold()


class PlannedRoute(NamedTuple):
    vehicle_id: UUID | None
    delivery_ids: tuple[UUID, ...]


def plan_routes(calls: Iterable[Call], trucks: Sequence[Truck]) -> list[PlannedRoute]:
    """Each call in one route exactly, no vehicle beyond its room and its limits; the same input gives the same plan."""
    left = sorted(calls, key=_near)
    planned: list[PlannedRoute] = []
    for truck in sorted(trucks, key=lambda one: (not one.zones, one.vehicle_id)):
        here = _taken(truck, [call for call in left if not truck.zones or lies_in(call, truck.zones)])
        if here:
            planned.append(PlannedRoute(truck.vehicle_id, tuple(call.delivery_id for call in here)))
            gone = {call.delivery_id for call in here}
            left = [call for call in left if call.delivery_id not in gone]
    while left:
        part = [call for stop in stops_of(left)[:MOST_WITHOUT_VEHICLE] for call in stop]
        gone = {call.delivery_id for call in part}
        left = [call for call in left if call.delivery_id not in gone]
        planned.append(PlannedRoute(None, tuple(call.delivery_id for call in part)))
    return planned


def stops_of(calls: Iterable[Call]) -> list[list[Call]]:
    """What travels together is one stop, and stays together."""
    stops: dict[str, list[Call]] = {}
    for call in calls:
        stops.setdefault(call.stop, []).append(call)
    return list(stops.values())


def _taken(truck: Truck, calls: Sequence[Call]) -> list[Call]:
    """Of the stops in their order those that fit into a vehicle one after another."""
    stops = stops_of(calls)
    if not truck.hold.is_limited:
        return [call for stop in stops[: max(0, truck.room)] for call in stop]
    here: list[Call] = []
    hold, room = truck.hold, truck.room
    for stop in stops:
        load = load_sum(call.load for call in stop)
        if room > 0 and hold.takes(load):
            here += stop
            hold, room = hold.less(load), room - 1
    return here


def lies_in(call: Call, zones: Iterable[str]) -> bool:
    """A zone is a city or district, or with figures the beginning of a post code."""
    places = {call.city.casefold().strip(), call.district.casefold().strip()}
    return any(
        call.postcode.startswith(zone) if zone.isdigit() else zone.casefold().strip() in places for zone in zones
    )


def _near(call: Call) -> tuple[str, ...]:
    """Calls without a post code come last, by their city; those of one customer stand together."""
    code = call.postcode or "~"
    return (code, call.city.casefold(), call.district.casefold(), call.street.casefold(), call.customer,
            call.together, str(call.delivery_id))  # fmt: skip

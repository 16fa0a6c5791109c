"""Which vehicle brings which deliveries of a day, and in which order.

Vehicles with zones take what lies in their zones; vehicles without take what is left; what fits into none stands in
routes without a vehicle, so that it is picked all the same and somebody sees it. Within a vehicle's day stops go by
post code, district and street: Indonesian post codes are hierarchical (the first two figures a province, then regency
and district), so neighbours in code are neighbours on the road. Addresses have no coordinates.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

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


class Truck(NamedTuple):
    """A vehicle with room for `room` more stops on that day: deliveries, or such as travel together."""

    vehicle_id: UUID
    room: int
    zones: tuple[str, ...]


class PlannedRoute(NamedTuple):
    vehicle_id: UUID | None
    delivery_ids: tuple[UUID, ...]


def plan_routes(calls: Iterable[Call], trucks: Sequence[Truck]) -> list[PlannedRoute]:
    """Each call in one route exactly, no vehicle beyond its room; the same input gives the same plan."""
    left = sorted(calls, key=_near)
    planned: list[PlannedRoute] = []
    for truck in sorted(trucks, key=lambda one: (not one.zones, one.vehicle_id)):
        here = _as_many_as_fit([call for call in left if not truck.zones or lies_in(call, truck.zones)], truck.room)
        if here:
            planned.append(PlannedRoute(truck.vehicle_id, tuple(call.delivery_id for call in here)))
            gone = {call.delivery_id for call in here}
            left = [call for call in left if call.delivery_id not in gone]
    while left:
        part = _as_many_as_fit(left, MOST_WITHOUT_VEHICLE)
        gone = {call.delivery_id for call in part}
        left = [call for call in left if call.delivery_id not in gone]
        planned.append(PlannedRoute(None, tuple(call.delivery_id for call in part)))
    return planned


def _as_many_as_fit(calls: Sequence[Call], room: int) -> list[Call]:
    """The first of them, as many stops as there is room: what travels together is one stop, and stays together."""
    stops: dict[str, list[Call]] = {}
    for call in calls:
        stops.setdefault(call.together or str(call.delivery_id), []).append(call)
    return [call for stop in list(stops.values())[: max(0, room)] for call in stop]


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

"""A route's load, stop by stop: deliveries of one customer to one door are one stop. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.stock.rules.together import Door, door_of


class LoadLine(NamedTuple):
    """A line to be loaded; `quantity` in its unit, as much as was picked of it."""

    position: int
    delivery_id: UUID
    number: str
    is_here: bool
    """It has not left."""
    customer_id: UUID
    customer: str
    address: Mapping[str, Any]
    id: UUID
    name: str
    sku: str
    quantity: Decimal
    unit: str
    is_loaded: bool


@dataclass(slots=True)
class LoadFact:
    """What other apps know of a delivery: parcels and grams as booked, and by currency what is due to be collected."""

    parcels: int = 0
    grams: int = 0
    cash: dict[str, Decimal] = field(default_factory=dict)

    def add(self, other: LoadFact) -> None:
        self.parcels += other.parcels
        self.grams += other.grams
        for currency, amount in other.cash.items():
            self.cash[currency] = self.cash.get(currency, Decimal(0)) + amount


@dataclass(slots=True)
class LoadStop:
    """A door: `place` is counted in the order of the route, from 1."""

    place: int
    customer: str
    address: Mapping[str, Any]
    deliveries: dict[UUID, str]
    lines: list[LoadLine]
    facts: LoadFact

    @property
    def is_loaded(self) -> bool:
        return all(line.is_loaded for line in self.lines)


def _door(line: LoadLine) -> Door:
    return door_of(line.customer_id, line.address)


def load_stops(lines: Iterable[LoadLine], facts: Iterable[Mapping[UUID, LoadFact]] = ()) -> list[LoadStop]:
    """The stops in the order in which they are unloaded."""
    stops: dict[Door, LoadStop] = {}
    for line in lines:
        stop = stops.get(_door(line))
        if stop is None:
            stop = LoadStop(len(stops) + 1, line.customer, line.address, {}, [], LoadFact())
            stops[_door(line)] = stop
        stop.deliveries[line.delivery_id] = line.number
        stop.lines.append(line)
    told = list(facts)
    for stop in stops.values():
        for delivery_id in stop.deliveries:
            for one in told:
                if delivery_id in one:
                    stop.facts.add(one[delivery_id])
    return list(stops.values())


def load_sum(stops: Sequence[LoadStop]) -> LoadFact:
    """What the whole vehicle carries and brings home."""
    whole = LoadFact()
    for stop in stops:
        whole.add(stop.facts)
    return whole

"""The demo company while it is made."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from niaga.imports.rules.demo_world import PLACES, Buyer, Good
from niaga.organization.access import Actor

LIVE_DAYS = 70
"""So many days are played through the real verbs; what was before is imported."""
Say = Callable[[str], object]


@dataclass
class Demo:
    """What the play needs at hand."""

    dice: Random
    at: datetime
    company_id: UUID
    range: list[Good]
    crowd: list[Buyer]
    branches: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, Actor] = field(default_factory=dict)
    product_ids: list[UUID] = field(default_factory=list)
    parcel_ids: list[UUID] = field(default_factory=list)
    categories: dict[str, UUID] = field(default_factory=dict)
    wholesale_id: UUID | None = None
    customer_ids: list[UUID] = field(default_factory=list)
    todo: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    turn: Iterator[int] = field(default_factory=count)
    whims: Random = field(default_factory=lambda: Random(7))
    """Who uses points; apart from `dice`, so that the sales stay the same."""

    def later(self, when: datetime, deed: Callable[[datetime], object]) -> None:
        heapq.heappush(self.todo, (when, next(self.turn), deed))

    def moment(self, day: date, place: str, hour: int | None = None) -> datetime:
        """A moment of the day in a place: at some time of the hour, without one of the working day."""
        zone = ZoneInfo(next(one.zone for one in PLACES if one.code == place))
        clock = time(
            hour if hour is not None else self.dice.randrange(8, 17), self.dice.randrange(60), self.dice.randrange(60)
        )
        return datetime.combine(day, clock, zone).astimezone(UTC)

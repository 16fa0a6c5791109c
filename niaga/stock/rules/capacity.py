"""What a warehouse takes on a day: closed or open, and how much. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

FARTHEST = 366
"""Days after which a search for a free one ends."""


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that is not as its weekday."""

    is_closed: bool
    limit: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A day: open or not, and how much fits in. No limit: whatever comes. `reason` is why it is closed or other."""

    is_open: bool
    limit: int | None = None
    reason: str = ""

    def takes(self, *, used: int, more: int) -> bool:
        """Whether so much more fits beside what is there."""
        return self.is_open and (self.limit is None or used + more <= self.limit)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The days of a warehouse. `limits` are by weekday from Monday on; `own` days go before holidays and weekdays."""

    measure: str
    open_days: Sequence[int]
    limits: Sequence[int | None]
    rests_on_holidays: bool = True
    country: str = "ID"
    own: Mapping[date, OwnDay] = field(default_factory=dict)
    lead_days: int = 0
    cut_off: time | None = None

    def room(self, day: date) -> Room:
        if (own := self.own.get(day)) is not None:
            return Room(not own.is_closed, None if own.is_closed else own.limit, own.reason)
        if self.rests_on_holidays and (name := _holidays(self.country, day.year).get(day)):
            return Room(False, reason=name)
        weekday = day.weekday()
        return Room(weekday in self.open_days, self.limits[weekday] if weekday in self.open_days else None)

    def first_day(self, now: datetime) -> date:
        """The first day on which what is ordered at this local moment can leave: after the hour it counts as of the
        next day, and from the first open day on `lead_days` open ones pass."""
        day = now.date()
        if self.cut_off is not None and now.time() >= self.cut_off:
            day += timedelta(days=1)
        day = self._open_from(day)
        for _one in range(self.lead_days):
            day = self._open_from(day + timedelta(days=1))
        return day

    def _open_from(self, day: date) -> date:
        for ahead in range(min(FARTHEST, (date.max - day).days)):
            if self.room(day + timedelta(days=ahead)).is_open:
                return day + timedelta(days=ahead)
        return day

    def next_free(self, *, since: date, used: Mapping[date, int], more: int) -> date | None:
        """The first day from `since` on with so much room; None when there is none within a year."""
        for ahead in range(min(FARTHEST, (date.max - since).days)):
            day = since + timedelta(days=ahead)
            if self.room(day).takes(used=used.get(day, 0), more=more):
                return day
        return None


@cache
def _holidays(country: str, year: int) -> Mapping[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year).items())
    except NotImplementedError:
        return {}

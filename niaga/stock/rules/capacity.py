"""What a warehouse takes on a day: closed or open, and how much. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from niaga.stock.rules.day_load import CARRIED, COUNTED, DayLoad, Measure

EMPTY = DayLoad()
FARTHEST = 366
"""Days after which a search for a free one ends."""


Limits = Mapping[str, int]
"""By measure (`day_load.Measure`), those that are limited."""


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that is not as its weekday. `limit` is of what the warehouse counts; none: whatever comes. Kilograms and
    cubic metres are as on the weekday, unless the day has limits of its own."""

    is_closed: bool
    limit: int | None = None
    reason: str = ""
    weight_limit: int | None = None
    volume_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A day: open or not, and how much fits in. No limits: whatever comes. `reason` is why it is closed or other."""

    is_open: bool
    limits: Limits = field(default_factory=dict)
    reason: str = ""

    def full_by(self, *, used: DayLoad, more: DayLoad) -> str | None:
        """The measure in which so much more does not fit beside what is there; none: it fits, or the day is closed. In
        a measure that it adds nothing to it is not asked about."""
        for measure, limit in self.limits.items():
            adds = more.of(measure)
            if adds > 0 and used.of(measure) + adds > limit:
                return measure
        return None

    def takes(self, *, used: DayLoad, more: DayLoad) -> bool:
        """Whether so much more fits beside what is there."""
        return self.is_open and self.full_by(used=used, more=more) is None

    def is_full(self, measure: str, used: DayLoad) -> bool:
        return self.is_open and used.of(measure) >= self.limits[measure]


@dataclass(frozen=True, slots=True)
class Capacity:
    """The days of a warehouse. `limits` are by measure and weekday from Monday on, of orders or lines first; `own` days
    go before holidays and weekdays."""

    open_days: Sequence[int]
    limits: Mapping[str, Sequence[int | None]]
    rests_on_holidays: bool = True
    country: str = "ID"
    own: Mapping[date, OwnDay] = field(default_factory=dict)
    lead_days: int = 0
    cut_off: time | None = None

    @property
    def measures(self) -> list[str]:
        """In which it has a limit on some day."""
        own = {Measure.WEIGHT: "weight_limit", Measure.VOLUME: "volume_limit"}
        return [
            measure for measure, limits in self.limits.items()
            if measure in COUNTED or any(limit is not None for limit in limits)
            or any(getattr(day, own[Measure(measure)]) is not None for day in self.own.values())
        ]  # fmt: skip

    @property
    def weighs(self) -> bool:
        """Whether weights and volumes have to be known."""
        return any(measure in CARRIED for measure in self.measures)

    def room(self, day: date) -> Room:
        weekday = day.weekday()
        usual = {key: limits[weekday] for key, limits in self.limits.items()}
        if (own := self.own.get(day)) is not None:
            if own.is_closed:
                return Room(False, reason=own.reason)
            named = {Measure.WEIGHT: own.weight_limit, Measure.VOLUME: own.volume_limit}
            here = {key: own.limit if key in COUNTED else _first(named[Measure(key)], usual[key]) for key in usual}
            return Room(True, _set(here), own.reason)
        if self.rests_on_holidays and (name := _holidays(self.country, day.year).get(day)):
            return Room(False, reason=name)
        return Room(True, _set(usual)) if weekday in self.open_days else Room(False)

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

    def next_free(self, *, since: date, used: Mapping[date, DayLoad], more: DayLoad) -> date | None:
        """The first day from `since` on with so much room; None when there is none within a year."""
        for ahead in range(min(FARTHEST, (date.max - since).days)):
            day = since + timedelta(days=ahead)
            if self.room(day).takes(used=used.get(day, EMPTY), more=more):
                return day
        return None


def _first(own: int | None, usual: int | None) -> int | None:
    return usual if own is None else own


def _set(limits: Mapping[str, int | None]) -> Limits:
    return {key: limit for key, limit in limits.items() if limit is not None}


@cache
def _holidays(country: str, year: int) -> Mapping[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year).items())
    except NotImplementedError:
        return {}

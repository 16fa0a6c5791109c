"""When customers may be reminded: by the hour, and on no weekend or holiday unless the plan says so. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

LONGEST_REST = 60
"""Days after which a search for the next open moment ends; no holidays last so long."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `since` up to `until`, on working days; `closed` are the company's own days off."""

    since: time = time(9)
    until: time = time(17)
    on_weekends: bool = False
    closed: Collection[date] = field(default_factory=frozenset)
    country: str = "ID"


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_open_day(day: date, hours: Hours) -> bool:
    """Whether customers may be reminded on this day at all."""
    if day.weekday() >= 5 and not hours.on_weekends:
        return False
    return day not in hours.closed and day not in _public_holidays(hours.country, day.year)


def is_open(local: datetime, hours: Hours) -> bool:
    """Whether they may be reminded at this moment, given as the clock on their branch's wall."""
    return hours.since <= local.time() < hours.until and is_open_day(local.date(), hours)


def next_open(local: datetime, hours: Hours) -> datetime | None:
    """The first moment from then on at which they may; None when nothing is open for two months."""
    if is_open(local, hours):
        return local
    for ahead in range(LONGEST_REST):
        day = local.date() + timedelta(days=ahead)
        opens = datetime.combine(day, hours.since, tzinfo=local.tzinfo)
        if opens >= local and is_open_day(day, hours):
            return opens
    return None

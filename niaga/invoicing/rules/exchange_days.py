"""On which days a customer takes invoices in. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from niaga.core.rules.calendar import end_of_month
from niaga.invoicing.rules.reminder_hours import Hours, is_open_day

LONGEST = 400
"""Days after which a search for the next one ends."""


@dataclass(frozen=True, slots=True)
class ExchangeDays:
    """`weekdays`: 0 is Monday. `month_days`: 1 to 31, what a month does not have is its last day. Neither: every
    working day. A day of the month that is no working day moves to the next one; a weekday that is a holiday falls out.
    """

    weekdays: Collection[int] = ()
    month_days: Collection[int] = ()
    country: str = "ID"


def is_exchange_day(day: date, days: ExchangeDays) -> bool:
    if not _is_open(day, days):
        return False
    if day.weekday() in days.weekdays or not (days.weekdays or days.month_days):
        return True
    named = day
    while True:
        if named.day in days.month_days or (
            named == end_of_month(named) and max(days.month_days, default=0) > named.day
        ):
            return True
        named -= timedelta(days=1)
        if _is_open(named, days):
            return False


def next_exchange_day(after: date, days: ExchangeDays) -> date:
    """The first such day after a day; where none comes, the day after."""
    for ahead in range(1, LONGEST):
        if is_exchange_day(after + timedelta(days=ahead), days):
            return after + timedelta(days=ahead)
    return after + timedelta(days=1)


def _is_open(day: date, days: ExchangeDays) -> bool:
    return is_open_day(day, Hours(on_weekends=day.weekday() in days.weekdays, country=days.country))

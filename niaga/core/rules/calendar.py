"""Days and months as commerce counts them. Pure: what day it is comes from the caller."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day some months later (or earlier); the month's last day when it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> Period:
    return Period(day.replace(day=1), end_of_month(day))


def previous_month(day: date) -> Period:
    return month_of(day.replace(day=1) - timedelta(days=1))


def year_of(day: date, *, first_month: int = 1) -> Period:
    """The fiscal year that holds `day`; it begins on the first of `first_month`."""
    year = day.year if day.month >= first_month else day.year - 1
    first = date(year, first_month, 1)
    return Period(first, add_months(first, 12) - timedelta(days=1))


def next_working_day(day: date, holidays: Container[date] = ()) -> date:
    """`day` itself, or the first day after it that is neither Saturday, Sunday nor a holiday."""
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day

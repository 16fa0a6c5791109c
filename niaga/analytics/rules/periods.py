"""Sums over days, and the fair comparison with the month before: the same number of days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DayFigures = Mapping[date, tuple[Decimal, int]]
_NONE = (Decimal(0), 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the month so far: `before` is the month before up to the same day, `change` in percent of it."""

    today: Decimal
    month: Decimal
    number: int
    before: Decimal

    @property
    def change(self) -> Decimal | None:
        """Percent, one decimal; None when there was nothing to compare with."""
        if not self.before:
            return None
        return ((self.month - self.before) * 100 / self.before).quantize(Decimal("0.1"))


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_before(day: date) -> tuple[date, date]:
    """First day of the month before, and its day of the same number (or its last)."""
    last = month_start(day) - timedelta(days=1)
    return last.replace(day=1), last.replace(day=min(day.day, last.day))


def add_figures(*sources: DayFigures) -> dict[date, tuple[Decimal, int]]:
    """Several sources of one figure as one."""
    whole: dict[date, tuple[Decimal, int]] = {}
    for source in sources:
        for day, (amount, number) in source.items():
            before, count = whole.get(day, _NONE)
            whole[day] = (before + amount, count + number)
    return whole


def figure(days: DayFigures, *, today: date) -> Figure:
    """The month so far, and the same days of the month before."""
    start = month_start(today)
    before_start, before_end = month_before(today)
    month = [value for day, value in days.items() if start <= day <= today]
    before = [amount for day, (amount, _number) in days.items() if before_start <= day <= before_end]
    return Figure(
        today=days.get(today, _NONE)[0],
        month=sum((amount for amount, _number in month), Decimal(0)),
        number=sum(number for _amount, number in month),
        before=sum(before, Decimal(0)),
    )


def by_day(days: DayFigures, *, start: date, end: date) -> list[tuple[date, Decimal]]:
    """Every day of the range with its amount, nothing left out."""
    return [
        (day, days.get(day, _NONE)[0]) for day in (start + timedelta(days=n) for n in range((end - start).days + 1))
    ]

"""The day a customer asks for, and the one that is promised. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol


class Dated(Protocol):
    """An order: the day it is promised for, and the one that was asked for."""

    @property
    def planned_date(self) -> date | None: ...
    @property
    def requested_date(self) -> date | None: ...


def promised_day(promised: date | None, *, asked: date | None, today: date) -> date | None:
    """The day that is promised: without one, the day that is asked for, while it is not over."""
    if promised is not None or asked is None or asked < today:
        return promised
    return asked


def with_promised_days(rows: Sequence[dict[str, Any]], *, order: Dated, today: date) -> list[dict[str, Any]]:
    """Lines that are asked for later than their order is promised get that day as their own, where no other is given.

    One that is asked for sooner goes with the order: a promise is the seller's.
    """
    first = order.planned_date or today
    return [
        {**row, "planned_date": row["requested_date"]}
        if row["planned_date"] is None and row["requested_date"] is not None and row["requested_date"] > first
        else row
        for row in rows
    ]


def days_late(*, asked: date | None, promised: date | None, today: date) -> int:
    """By how many days a promise is later than what was asked for; without a promise, how long ago that day was."""
    if asked is None:
        return 0
    return max(0, ((promised or today) - asked).days)

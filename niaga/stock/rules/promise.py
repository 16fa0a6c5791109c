"""From which day how much of a product can be promised: what is free, and what comes less what is promised of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NOUGHT = Decimal(0)


class Step(NamedTuple):
    """From `date` on (None: now) so much can be promised, in base units, all earlier steps included."""

    date: date | None
    quantity: Decimal


class Dated(NamedTuple):
    """So much on a day: goods that come, or a claim on them (None: a claim that no day is known for)."""

    date: date | None
    quantity: Decimal


def to_promise(*, free: Decimal, coming: Iterable[Dated], claims: Iterable[Dated], today: date) -> list[Step]:
    """What can be promised now, and from which days on more.

    A claim takes what has come by its day, whichever receipt brought it: so a new promise for a day is what is left
    over on that day and on every later one. What should have come before today is late, and nobody counts on it. A
    claim without a day was promised nothing. Goods on hand are free for whoever confirms first.
    """
    changes: dict[date, Decimal] = {}
    for one in coming:
        if one.date is not None and one.date >= today:
            changes[one.date] = changes.get(one.date, NOUGHT) + one.quantity
    for one in claims:
        if one.date is not None:
            changes[one.date] = changes.get(one.date, NOUGHT) - one.quantity
    days = sorted(changes)
    pool, running = [], NOUGHT
    for day in days:
        running += changes[day]
        pool.append(running)
    least = running
    steps: list[Step] = []
    for day, sum_to_day in zip(reversed(days), reversed(pool), strict=True):
        least = min(least, sum_to_day)
        steps.append(Step(day, free + max(NOUGHT, least)))
    told = [Step(None, free)]
    for step in reversed(steps):
        if step.quantity > told[-1].quantity:
            told.append(step)
    return told


def earliest(steps: Iterable[Step], *, wanted: Decimal) -> Step | None:
    """The first step that has as much; None: nothing that is expected would do."""
    return next((step for step in steps if step.quantity >= wanted), None)

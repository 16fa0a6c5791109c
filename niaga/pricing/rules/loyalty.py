"""Points: what is earned, what they take off, what comes back, and in which order they are used. Pure.

Points are whole. What is earned is rounded down once for a document; what is taken back leaves what the rest would
have earned by the same rule, so that a document credited bit by bit gives back every point and not one more.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID

HUNDRED = Decimal(100)
MOST_POINTS = 2_000_000_000
"""A balance or a wish is never larger."""
GRACE = timedelta(days=30)
"""So long points can be used that came back after their last day."""


@dataclass(frozen=True, slots=True)
class Programme:
    """What using points depends on; how they are earned is looked up when an invoice is issued.

    `point_value` is what one point takes off, in `currency`; at most `most_percent` of goods and services of a
    document, in multiples of `step_points`, at least `least_points`.
    """

    currency: str
    point_value: Decimal
    least_points: int = 0
    step_points: int = 1
    most_percent: Decimal = HUNDRED
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or day >= self.valid_from) and (
            self.valid_until is None or day <= self.valid_until
        )

    def points(self, wanted: int) -> Points:
        return Points(wanted, self.point_value, self.least_points, self.step_points, self.most_percent)


class Points(NamedTuple):
    """The points that shall pay a part of a document, and by which rule."""

    wanted: int
    value: Decimal = Decimal(0)
    """Of one point, in the document's currency."""
    least: int = 0
    step: int = 1
    most_percent: Decimal = HUNDRED
    amount: Decimal | None = None
    """What they took off already and keep taking off, whatever a point is worth by now."""


class Used(NamedTuple):
    """`points` take `amount` off; of this document's sum `most` could."""

    points: int
    amount: Decimal
    most: int


def points_off(points: Points, whole: Decimal, unit: Decimal) -> Used:
    """What points take off `whole`, to the currency's `unit`: never more than they may, and than there is."""
    if points.amount is not None:
        if points.amount <= whole:
            return Used(points.wanted, points.amount, points.wanted)
        fits = floor(points.wanted * whole / points.amount)
        return Used(fits, whole if fits else Decimal(0), fits)
    if points.value <= 0:
        return Used(0, Decimal(0), 0)
    room = (whole * points.most_percent / HUNDRED).quantize(unit, ROUND_FLOOR)
    most = _stepped(min(floor(room / points.value), MOST_POINTS), points)
    used = _stepped(min(points.wanted, most), points)
    return Used(used, (used * points.value).quantize(unit, ROUND_HALF_UP), most)


def points_that_stay(used: int, *, before: Decimal, now: Decimal) -> int:
    """Of the points that took `before` off a document those that still take `now` off; rounded up: it is taken off."""
    if not before or now >= before:
        return used
    return int((used * now / before).to_integral_value(ROUND_CEILING))


def _stepped(wanted: int, points: Points) -> int:
    whole = wanted - wanted % points.step
    return whole if whole >= points.least else 0


def floor(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_FLOOR))


def earned_on(amount: Decimal, *, points: int, per_amount: Decimal, multiplier: Decimal = Decimal(1)) -> int:
    """`points` for every `per_amount` of `amount`, times the tier's multiplier, rounded down once."""
    return max(0, min(floor(amount * points * multiplier / per_amount), MOST_POINTS))


def to_take_back(*, earned: int, stays: int, taken: int) -> int:
    """How many more of `earned` points go when what is not credited would have earned `stays`. `taken` went before."""
    return max(0, earned - min(stays, earned) - taken)


def points_of_part(*, used: int, amount: Decimal, before: Decimal, part: Decimal) -> int:
    """How many of `used` points, that take `amount` off a document, stand for `part` of it, after parts of `before`.

    A difference of running counts, each rounded down: all parts together tell all the points.
    """
    if not amount:
        return 0
    return floor(used * min(before + part, amount) / amount) - floor(used * min(before, amount) / amount)


def to_give_back(*, used: int, amount: Decimal, returned: Decimal, given: int) -> int:
    """How many more of `used` points come back, when `returned` of the `amount` that they took off is undone in all.

    `given` came back before. Rounded down; all undone is all given back.
    """
    due = used if returned >= amount else floor(used * returned / amount)
    return max(0, due - given)


class Lot(NamedTuple):
    id: UUID
    remaining: int
    expires_on: date | None


class Taking(NamedTuple):
    lot_id: UUID
    points: int


def first_ending_first(lots: Iterable[Lot], wanted: int, *, first: UUID | None = None) -> list[Taking]:
    """What `wanted` points take of which lots: those that end first, the older first; `first` goes before all.

    Fewer than wanted when there are not so many.
    """
    takings = []
    for lot in sorted(lots, key=lambda one: (one.id != first, one.expires_on or date.max, str(one.id))):
        part = min(lot.remaining, wanted)
        if part <= 0:
            continue
        takings.append(Taking(lot.id, part))
        wanted -= part
    return takings


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or, below zero, before), or the month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(day: date, months: int | None) -> date | None:
    """The last day on which points that came in on `day` can be used."""
    return None if months is None else months_after(day, months)


def given_back_until(old: date | None, today: date) -> date | None:
    """The last day of points that come back: the one they had, or 30 days when that is past."""
    return today + GRACE if old is not None and old < today else old


class TierStep(NamedTuple):
    id: UUID
    threshold: int
    multiplier: Decimal


def tier_reached(tiers: Sequence[TierStep], points: int) -> TierStep | None:
    """The highest tier that points earned within the months that count reach."""
    return max((one for one in tiers if one.threshold <= max(points, 0)), key=lambda one: one.threshold, default=None)

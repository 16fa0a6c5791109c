"""What paying late costs: by the day of what is open, or once. Pure.

The day of payment is a late day. Days up to the due day, of grace, before the rule began, of a dispute, and of a
promise that was kept cost nothing. Credit notes count from the beginning: what they took off was never owed. A fee is
rounded once, half up, for each part of an invoice and each time it is charged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.money import round_amount

MONTH = 30
NOUGHT = Decimal(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """`fixed` is in the claim's own currency. See `LateFeeRule`."""

    percent: Decimal
    fixed: Decimal
    grace_days: int
    cap_percent: Decimal | None
    starts_on: date
    with_older: bool
    promise_stops: bool


class Part(NamedTuple):
    """An instalment; without a day it is not due yet."""

    key: UUID
    due_date: date | None
    amount: Decimal


class Promise(NamedTuple):
    """That all that was due would be paid by `until`."""

    made: date
    until: date


class Segment(NamedTuple):
    """Days in which the same was open, both ends included."""

    first: date
    last: date
    open: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Claim:
    """An invoice as far as its lateness goes. `parts` in their order; `settled` by day, negative where it was taken
    back; `disputes` with their first and last day (none: it is open); `charged` until which day, by part."""

    currency: str
    parts: Sequence[Part]
    credited: Decimal = NOUGHT
    settled: Sequence[tuple[date, Decimal]] = ()
    disputes: Sequence[tuple[date, date | None]] = ()
    promises: Sequence[Promise] = ()
    charged: Mapping[UUID, date] = field(default_factory=dict)
    charged_amount: Decimal = NOUGHT


class Charge(NamedTuple):
    """What a part costs for days that were not charged yet."""

    part: Part
    segments: Sequence[Segment]
    amount: Decimal

    @property
    def first(self) -> date:
        return self.segments[0].first

    @property
    def last(self) -> date:
        return self.segments[-1].last


def charges_of(claim: Claim, terms: FeeTerms, *, upto: date, today: date) -> list[Charge]:
    """What the days up to one, which is over, cost of each part. Days of a promise whose day is still to come wait."""
    found: list[Charge] = []
    room = _room(claim, terms)
    waits = min((one.made for one in claim.promises if one.until >= today), default=None)
    if terms.promise_stops and waits is not None:
        upto = min(upto, waits - _DAY)
    for place, part in enumerate(claim.parts):
        after = claim.charged.get(part.key)
        if part.due_date is None or (after is not None and terms.fixed):
            continue
        if part.due_date < terms.starts_on and not terms.with_older:
            continue
        first = max(part.due_date + timedelta(days=terms.grace_days + 1), terms.starts_on)
        segments = segments_of(
            claim, place, first=max(first, after + _DAY) if after else first, last=upto, promises=terms.promise_stops
        )
        amount = cost_of(segments, terms.percent, terms.fixed, claim.currency)
        if room is not None:
            amount = min(amount, room)
            room -= amount
        if amount > 0:
            found.append(Charge(part, segments, amount))
    return found


def cost_of(segments: Sequence[Segment], percent: Decimal, fixed: Decimal, currency: str) -> Decimal:
    """Of days that count: the fixed amount once, else by the day."""
    if not segments:
        return NOUGHT
    if fixed:
        return fixed
    whole = sum((one.open * one.days for one in segments), NOUGHT)
    return round_amount(whole * percent / (100 * MONTH), currency)


def segments_of(claim: Claim, place: int, *, first: date, last: date, promises: bool) -> list[Segment]:
    """The days from `first` to `last` on which the part in this place was open and cost something, by what was open."""
    free = [(begin, end or last) for begin, end in claim.disputes]
    if promises:
        free += [(one.made, one.until) for one in claim.promises if _was_kept(claim, one)]
    return [
        Segment(begin, end, amount)
        for begin, end in _runs(claim, free, first, last)
        if not any(start <= begin <= stop for start, stop in free) and (amount := _open(claim, place, before=begin)) > 0
    ]


def _runs(
    claim: Claim, free: Collection[tuple[date, date]], first: date, last: date
) -> Iterator[tuple[date, date]]:  # fmt: skip
    """The days parted where something changes."""
    if first > last:
        return
    marks = {day + _DAY for day, _amount in claim.settled} | {begin for begin, _end in free}
    marks |= {end + _DAY for _begin, end in free if end < date.max}
    begins = sorted({first} | {day for day in marks if first < day <= last})
    for begin, after in zip(begins, [*begins[1:], last + _DAY], strict=True):
        yield begin, after - _DAY


def _open(claim: Claim, place: int, *, before: date) -> Decimal:
    """What was open of a part when a day began: what comes in covers the parts in their order."""
    covered = claim.credited + sum((amount for day, amount in claim.settled if day < before), NOUGHT)
    earlier = sum((part.amount for part in claim.parts[:place]), NOUGHT)
    whole = claim.parts[place].amount
    return whole - min(max(covered - earlier, NOUGHT), whole)


def _was_kept(claim: Claim, promise: Promise) -> bool:
    """Whether nothing of what was due by its day was open at the end of that day."""
    after = promise.until + _DAY
    return not any(
        _open(claim, place, before=after)
        for place, part in enumerate(claim.parts)
        if part.due_date is not None and part.due_date <= promise.until
    )


def _room(claim: Claim, terms: FeeTerms) -> Decimal | None:
    """What may still be charged on the invoice, or None without a cap."""
    return None if terms.cap_percent is None else max(cap_of(claim, terms.cap_percent) - claim.charged_amount, NOUGHT)


def cap_of(claim: Claim, percent: Decimal) -> Decimal:
    """The most that is charged on the invoice."""
    owed = sum((part.amount for part in claim.parts), NOUGHT) - claim.credited
    return round_amount(owed * percent / 100, claim.currency)

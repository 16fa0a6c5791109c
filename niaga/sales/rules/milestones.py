"""An order in milestones: shares or amounts with a name, which make exactly the order."""

from collections.abc import Sequence
from datetime import date as day
from decimal import Decimal
from typing import NamedTuple

from niaga.core.money import round_amount

MOST = 24
LONGEST_NAME = 80


class Part(NamedTuple):
    """`percent` of the order or an `amount` with its tax; billed on `date`, or on somebody's word."""

    name: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    date: day | None = None


class BadMilestones(ValueError):
    """`code` says why: `too_few`, `too_many`, `unnamed`, `mixed`, `not_positive`, `too_fine`, `too_far`, `differs`.

    `place` counts from 1; 0 is the whole plan.
    """

    def __init__(self, code: str, place: int = 0) -> None:
        self.code, self.place = code, place
        super().__init__(code)


def check_milestones(parts: Sequence[Part], *, total: Decimal, currency: str) -> None:
    """:raises BadMilestones: see there"""
    if len(parts) < 2:
        raise BadMilestones("too_few")
    if len(parts) > MOST:
        raise BadMilestones("too_many")
    by_share = parts[0].percent is not None
    for place, part in enumerate(parts, 1):
        if not part.name.strip() or len(part.name) > LONGEST_NAME:
            raise BadMilestones("unnamed", place)
        if (part.percent is None) == (part.amount is None) or (part.percent is not None) != by_share:
            raise BadMilestones("mixed", place)
        value = part.percent if part.percent is not None else part.amount
        if value is None or not value.is_finite() or value <= 0:
            raise BadMilestones("not_positive", place)
        if value != (round(value, 4) if by_share else round_amount(value, currency)):
            raise BadMilestones("too_fine", place)
        if part.date is not None and not 2000 <= part.date.year <= 2200:
            raise BadMilestones("too_far", place)
    whole = Decimal(100) if by_share else total
    if sum(part.percent or part.amount or Decimal(0) for part in parts) != whole:
        raise BadMilestones("differs")


def expected(parts: Sequence[tuple[Decimal | None, Decimal | None]], *, total: Decimal, currency: str) -> list[Decimal]:
    """About what each part of (percent, amount) will come to; the last takes the rest."""
    sums = [
        amount if amount is not None else round_amount(total * (percent or Decimal(0)) / 100, currency)
        for percent, amount in parts[:-1]
    ]
    return [*sums, total - sum(sums, Decimal(0))]

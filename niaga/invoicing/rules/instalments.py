"""A claim in instalments: equal ones by the month, or typed; their amounts are exactly the claim."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from niaga.core.money import exponent
from niaga.core.rules.calendar import add_months

MOST = 60
LAST_YEAR = 2200


class Instalment(NamedTuple):
    due_date: date
    amount: Decimal


class BadPlan(ValueError):
    """`code` says why: `too_few`, `too_many`, `not_positive`, `not_in_order`, `too_fine`, `too_far`, `differs`.

    `place` counts from 1; 0 is the whole plan.
    """

    def __init__(self, code: str, place: int = 0) -> None:
        self.code, self.place = code, place
        super().__init__(code)


def equal_parts(*, total: Decimal, count: int, first: date, currency: str) -> list[Instalment]:
    """`count` monthly instalments from `first` on, equal to the currency's smallest unit; the last takes the rest.

    :raises BadPlan: fewer than 2, more than `MOST`, or less than one unit each
    """
    if count < 2:
        raise BadPlan("too_few")
    if count > MOST:
        raise BadPlan("too_many")
    if not 2000 <= first.year < LAST_YEAR:
        raise BadPlan("too_far", 1)
    unit = Decimal(1).scaleb(-exponent(currency))
    each = (total / count // unit) * unit
    if each <= 0:
        raise BadPlan("not_positive")
    amounts = [each] * (count - 1) + [total - each * (count - 1)]
    return [Instalment(add_months(first, n), amount) for n, amount in enumerate(amounts)]


def check_plan(parts: Sequence[Instalment], *, total: Decimal, currency: str) -> None:
    """:raises BadPlan: see there"""
    if len(parts) > MOST:
        raise BadPlan("too_many")
    before: date | None = None
    for place, part in enumerate(parts, 1):
        if part.amount <= 0:
            raise BadPlan("not_positive", place)
        if part.amount != round(part.amount, exponent(currency)):
            raise BadPlan("too_fine", place)
        if not 2000 <= part.due_date.year <= LAST_YEAR:
            raise BadPlan("too_far", place)
        if before is not None and part.due_date <= before:
            raise BadPlan("not_in_order", place)
        before = part.due_date
    if sum((part.amount for part in parts), Decimal(0)) != total:
        raise BadPlan("differs")

"""When an invoice is due: net days, days after the month's end, or instalments that add up to the last rupiah."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from niaga.core.money import split_amount
from niaga.core.rules.calendar import end_of_month

MOST_DAYS = 3650


class BadTerm(ValueError):
    """`code` says why: `percent_not_hundred`, `part_out_of_range`, `days_out_of_range`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Part(NamedTuple):
    """`percent` of the total, `days` after the invoice's date, or after the end of its month."""

    percent: Decimal
    days: int = 0
    end_of_month: bool = False


class Due(NamedTuple):
    position: int
    due_date: date
    amount: Decimal


def check_parts(parts: Sequence[Part]) -> None:
    """:raises BadTerm: the percentages do not make a hundred, or a figure is out of range"""
    for part in parts:
        if not 0 < part.percent <= 100:
            raise BadTerm("part_out_of_range")
        if not 0 <= part.days <= MOST_DAYS:
            raise BadTerm("days_out_of_range")
    if parts and sum(part.percent for part in parts) != 100:
        raise BadTerm("percent_not_hundred")


def due_date(part: Part, invoice_date: date) -> date:
    start = end_of_month(invoice_date) if part.end_of_month else invoice_date
    return start + timedelta(days=part.days)


def due_parts(parts: Sequence[Part], *, invoice_date: date, total: Decimal, currency: str) -> list[Due]:
    """The instalments in order of their days; their amounts are exactly `total`. Without a term: due at once.

    :raises BadTerm: see `check_parts`
    """
    check_parts(parts)
    if not parts:
        return [Due(1, invoice_date, total)]
    amounts = split_amount(total, [part.percent for part in parts], currency)
    pairs = sorted(
        zip((due_date(part, invoice_date) for part in parts), amounts, strict=True), key=lambda pair: pair[0]
    )
    return [Due(position, day, amount) for position, (day, amount) in enumerate(pairs, start=1)]

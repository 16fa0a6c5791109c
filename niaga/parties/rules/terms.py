"""When an invoice is due: net days, days after the month's end, or instalments that add up to the last rupiah."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, overload

from niaga.core.money import split_amount
from niaga.core.rules.calendar import end_of_month

MOST_DAYS = 3650


class BadTerm(ValueError):
    """`code` says why: `percent_not_hundred`, `part_out_of_range`, `days_out_of_range`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Part(NamedTuple):
    """`percent` of the total, `days` after the invoice's date, or after the end of its month. `after_exchange`: counted
    from the day on which the customer took the invoice in (tukar faktur), not known before."""

    percent: Decimal
    days: int = 0
    end_of_month: bool = False
    after_exchange: bool = False


class Due(NamedTuple):
    """A part of an invoice. `due_date`: none while it counts from an exchange that has not been."""

    position: int
    due_date: date | None
    amount: Decimal
    after_exchange: bool = False


def frozen_parts(term: Sequence[Mapping[str, Any]]) -> list[Part]:
    """The parts of a payment term as a document froze them; what was frozen before exchanges knows of none."""
    return [Part(Decimal(p["percent"]), p["days"], p["end_of_month"], p.get("after_exchange", False)) for p in term]


def check_parts(parts: Sequence[Part]) -> None:
    """:raises BadTerm: the percentages do not make a hundred, or a figure is out of range"""
    for part in parts:
        if not 0 < part.percent <= 100:
            raise BadTerm("part_out_of_range")
        if not 0 <= part.days <= MOST_DAYS:
            raise BadTerm("days_out_of_range")
    if parts and sum(part.percent for part in parts) != 100:
        raise BadTerm("percent_not_hundred")


@overload
def due_date(part: Part, counted_from: date) -> date: ...
@overload
def due_date(part: Part, counted_from: date | None) -> date | None: ...
def due_date(part: Part, counted_from: date | None) -> date | None:
    if counted_from is None:
        return None
    start = end_of_month(counted_from) if part.end_of_month else counted_from
    return start + timedelta(days=part.days)


def due_parts(
    parts: Sequence[Part], *, invoice_date: date, total: Decimal, currency: str, exchanged: date | None = None
) -> list[Due]:
    """The instalments in order of their days, those that count from the exchange last; their amounts are exactly
    `total`. Without a term: due at once. `exchanged` gives the last ones their days and moves none of them.

    :raises BadTerm: see `check_parts`
    """
    check_parts(parts)
    if not parts:
        return [Due(1, invoice_date, total)]
    amounts = split_amount(total, [part.percent for part in parts], currency)
    pairs = sorted(
        zip(parts, amounts, strict=True),
        key=lambda pair: (pair[0].after_exchange, due_date(pair[0], invoice_date)),
    )
    return [
        Due(position, due_date(part, exchanged if part.after_exchange else invoice_date), amount, part.after_exchange)
        for position, (part, amount) in enumerate(pairs, start=1)
    ]

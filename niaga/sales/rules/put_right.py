"""What an issued invoice's line comes to when it is put right. Pure.

A line of which nothing differs keeps its figures to the last rupiah. Of one that differs the price is counted anew;
what was taken off it keeps its share: the line's discount goes with what it is counted on, the document's with the
line's amount, and what points took off with the quantity. Its tax follows by the line's own frozen rate, or by another
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from niaga.core.money import base_share, round_amount
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula
from niaga.sales.rules.billing import Part


class BilledLine(NamedTuple):
    """The figures of an invoice line as it was issued."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    discount_amount: Decimal
    amount: Decimal
    document_discount: Decimal
    points_discount: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    luxury_tax: Decimal


@dataclass(frozen=True, slots=True)
class RightLine:
    """How a line shall be; None leaves it as it is. A quantity of 0 takes the line out."""

    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    description: str | None = None


def put_line_right(
    line: BilledLine, right: RightLine, *, rate: TaxRate, same_tax: bool, currency: str, prices_include_tax: bool
) -> Part:
    """The figures of a line as it shall be, taxed by `rate`; `same_tax`: as it was."""
    quantity = line.quantity if right.quantity is None else right.quantity
    price = line.unit_price if right.unit_price is None else right.unit_price
    percent = line.discount_percent if right.discount_percent is None else right.discount_percent
    as_it_was = (quantity, price, percent) == (line.quantity, line.unit_price, line.discount_percent)
    if as_it_was and same_tax:
        owed = line.amount - line.document_discount if prices_include_tax else line.net + line.tax + line.luxury_tax
        return Part(
            line.discount_amount, line.amount, line.document_discount, line.net, line.other_tax_base, line.tax,
            owed - line.net - line.tax - line.luxury_tax, line.luxury_tax, line.points_discount,
        )  # fmt: skip
    discount, amount, off, points = (
        (line.discount_amount, line.amount, line.document_discount, line.points_discount)
        if as_it_was
        else _counted(line, quantity, price, percent, currency)
    )
    formula = TaxFormula(rate, currency)
    taxed = formula.included(amount - off) if prices_include_tax else formula.excluded(amount - off)
    return Part(discount, amount, off, *taxed, points_discount=points)


def _counted(
    line: BilledLine, quantity: Decimal, price: Decimal, percent: Decimal, currency: str
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """The line's discount, its amount, its share of the document's discount, and what of that points took."""
    nought = Decimal(0)
    gross, before = round_amount(quantity * price, currency), line.amount + line.discount_amount
    if percent != line.discount_percent:
        discount = round_amount(gross * percent / 100, currency)
    else:
        discount = round_amount(line.discount_amount * gross / before, currency) if before else nought
    amount = gross - discount
    own = line.document_discount - line.points_discount
    off = round_amount(own * amount / line.amount, currency) if line.amount else nought
    points = min(line.points_discount, round_amount(line.points_discount * quantity / line.quantity, currency))
    points = max(nought, min(points, amount - off))
    return discount, amount, off + points, points


def move_dues(dues: Sequence[tuple[date, Decimal]], *, total: Decimal, currency: str) -> list[tuple[date, Decimal]]:
    """The days on which an invoice was due, with their shares of another total; parts of nothing fall away.

    Putting an invoice right gives nobody more time.
    """
    whole = sum((amount for _day, amount in dues), Decimal(0))
    moved, upto, before = [], Decimal(0), Decimal(0)
    for day, amount in dues:
        upto += amount
        reached = base_share(upto, whole=whole, base_whole=total, home=currency) if whole else total
        if reached > before:
            moved.append((day, reached - before))
        before = reached
    return moved

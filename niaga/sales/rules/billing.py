"""What a part of an order line comes to. Pure.

The frozen figures of the order line are shared out by quantity: what is billed up to a quantity is the line's amount
times that quantity over the whole, rounded; a part is the difference of two such sums. So however an order is cut into
invoices, the parts add up to the promise. Tax is computed on each part by the line's own frozen rate (PER-11/PJ/2025
rounds per line of the invoice), or shared out as the rest where the order rounded its tax once.
"""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from niaga.core.money import round_amount
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula


class FrozenLine(NamedTuple):
    """The figures of an order line that billing shares out."""

    quantity: Decimal
    amount: Decimal
    discount_amount: Decimal
    document_discount: Decimal
    tax_rate: Decimal
    base_numerator: int
    base_denominator: int
    net: Decimal = Decimal(0)
    other_tax_base: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    luxury_rate: Decimal = Decimal(0)
    luxury_tax: Decimal = Decimal(0)
    is_shared: bool = False
    """Tax was rounded once for the whole order: the line's tax is its share, and a part has its share of that."""
    points_discount: Decimal = Decimal(0)
    """What of `document_discount` points took off."""


class Part(NamedTuple):
    """A part's figures. `net` + `tax` + `luxury_tax` + `rounding` is what the customer owes for it."""

    discount_amount: Decimal
    amount: Decimal
    document_discount: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    rounding: Decimal
    luxury_tax: Decimal = Decimal(0)
    points_discount: Decimal = Decimal(0)

    @property
    def owed(self) -> Decimal:
        return self.net + self.tax + self.luxury_tax + self.rounding


def bill_part(
    line: FrozenLine, *, already: Decimal, quantity: Decimal, currency: str, prices_include_tax: bool
) -> Part:
    """The figures of `quantity` more, after `already` was billed; both in the line's unit."""

    def share(whole: Decimal) -> Decimal:
        if not whole:
            return whole
        if not already and quantity == line.quantity:
            return whole
        upto = round_amount(whole * (already + quantity) / line.quantity, currency)
        return upto - round_amount(whole * already / line.quantity, currency)

    amount, discount, points = share(line.amount), share(line.document_discount), share(line.points_discount)
    if line.is_shared:
        net, other, tax = share(line.net), share(line.other_tax_base), share(line.tax)
        luxury = share(line.luxury_tax)
        rounding = amount - discount - net - tax - luxury if prices_include_tax else Decimal(0)
        return Part(share(line.discount_amount), amount, discount, net, other, tax, rounding, luxury, points)
    formula = _formula(line.tax_rate, line.base_numerator, line.base_denominator, line.luxury_rate, currency)
    taxed = formula.included(amount - discount) if prices_include_tax else formula.excluded(amount - discount)
    return Part(share(line.discount_amount), amount, discount, *taxed, points_discount=points)


@lru_cache(maxsize=64)
def _formula(rate: Decimal, numerator: int, denominator: int, luxury: Decimal, currency: str) -> TaxFormula:
    """Made once for all lines of a rate: a long order has few of them."""
    return TaxFormula(
        TaxRate(rate, base_numerator=numerator, base_denominator=denominator, luxury_rate=luxury), currency
    )

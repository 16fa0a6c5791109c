"""Tax on one amount: from a taxable base, and out of a price that holds it already.

PPN "nilai lain" follows PER-11/PJ/2025: the other base (11/12) is rounded to the currency's unit first, then the rate
is applied and rounded again, half up. Base 100,277 gives 91,921 and PPN 11,031.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from niaga.core.money import exponent
from niaga.pricing.rules.request import TaxCategory, TaxPolicy, TaxRate

UNTAXED = TaxRate(rate=Decimal(0))


class Taxed(NamedTuple):
    """`net + tax + rounding` is the taxable amount with its tax."""

    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    rounding: Decimal


def rate_on(category: TaxCategory | None, day: date) -> TaxRate | None:
    """The rate of that day; None when the category has none. No category is untaxed."""
    if category is None:
        return UNTAXED
    held = [
        rate
        for rate in category.rates
        if rate.valid_from <= day and (rate.valid_until is None or day <= rate.valid_until)
    ]
    return max(held, key=lambda rate: rate.valid_from) if held else None


def policy_on(policies: tuple[TaxPolicy, ...], day: date) -> TaxPolicy:
    """The company's rounding policy of that day; without one, per line and no rounding of the total."""
    held = [
        each for each in policies if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]
    return max(held, key=lambda each: each.valid_from) if held else TaxPolicy()


class TaxFormula:
    """The arithmetic of one rate in one currency, made once for a document."""

    __slots__ = ("_divisor", "_factor", "_whole", "denominator", "numerator", "rate", "step")

    def __init__(self, rate: TaxRate, currency: str) -> None:
        self.rate = rate
        self.numerator = rate.base_numerator
        self.denominator = rate.base_denominator
        self._whole = rate.base_numerator == rate.base_denominator
        self.step = Decimal(1).scaleb(-exponent(currency))
        self._factor = rate.rate / 100
        self._divisor = 1 + self._factor * self.numerator / self.denominator

    def on(self, base: Decimal) -> tuple[Decimal, Decimal]:
        """The other tax base and the tax of a taxable base."""
        step = self.step
        other = base
        if not self._whole:
            other = (base * self.numerator / self.denominator).quantize(step, ROUND_HALF_UP)
        return other, (other * self._factor).quantize(step, ROUND_HALF_UP)

    def with_tax(self, amount: Decimal) -> Decimal:
        """An amount with its tax, not rounded."""
        return amount * self._divisor

    def without_tax(self, amount: Decimal) -> Decimal:
        """What an amount is without the tax that it holds, not rounded."""
        return amount / self._divisor

    def excluded(self, taxable: Decimal) -> Taxed:
        """The price is without tax."""
        other, tax = self.on(taxable)
        return Taxed(taxable, other, tax, Decimal(0))

    def included(self, gross: Decimal) -> Taxed:
        """The price holds its tax: the base whose base plus tax is nearest to it, the lower one of two equally near.

        Where no base gives the gross back, the difference is rounding, never tax: Rp 5,000 is 4,504 + 495 + 1.
        """
        step = self.step
        base = (gross / self._divisor).quantize(step, ROUND_HALF_UP)
        other, tax = self.on(base)
        rest = gross - base - tax
        if rest:
            base, other, tax, rest = self._nearest(gross, base, other, tax, rest)
        return Taxed(base, other, tax, rest)

    def _nearest(
        self, gross: Decimal, base: Decimal, other: Decimal, tax: Decimal, rest: Decimal
    ) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        step = self.step
        while rest < 0:  # base plus tax rises with every step of the base, so the walk ends
            base -= step
            other, tax = self.on(base)
            rest = gross - base - tax
        while rest > 0:
            higher = base + step
            higher_other, higher_tax = self.on(higher)
            higher_rest = gross - higher - higher_tax
            if higher_rest < 0 and rest <= -higher_rest:
                break
            base, other, tax, rest = higher, higher_other, higher_tax, higher_rest
        return base, other, tax, rest

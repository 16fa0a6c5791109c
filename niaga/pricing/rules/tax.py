"""Tax on one amount: from a taxable base, and out of a price that holds it already.

PPN "nilai lain" follows PER-11/PJ/2025: the other base (11/12) is rounded to the currency's unit first, then the rate
is applied and rounded again, half up. Base 100,277 gives 91,921 and PPN 11,031.

PPnBM (UU PPN Art. 8; its goods and rates stand in PMK 15/PMK.03/2023 and PP 61/2020) is computed on the whole taxable
amount beside it, rounded by itself: PPN is not in its base, nor is it in that of PPN.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from niaga.core.money import exponent, round_to
from niaga.pricing.rules.request import TaxCategory, TaxPolicy, TaxRate

NOUGHT = Decimal(0)
UNTAXED = TaxRate(rate=Decimal(0))


class Taxed(NamedTuple):
    """`net + tax + luxury_tax + rounding` is the taxable amount with its taxes."""

    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    rounding: Decimal
    luxury_tax: Decimal = Decimal(0)
    """PPnBM."""

    @property
    def total(self) -> Decimal:
        return self.net + self.tax + self.luxury_tax + self.rounding


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


def turned(price: Decimal, *, put_on: bool, rate: TaxRate, currency: str) -> Decimal:
    """A unit price with the tax that it did not hold (`put_on`), or without the one it did; to six decimals."""
    formula = TaxFormula(rate, currency)
    return round_to(formula.with_tax(price) if put_on else formula.without_tax(price), 6)


class TaxFormula:
    """The arithmetic of one rate in one currency, made once for a document."""

    __slots__ = ("_divisor", "_factor", "_luxury", "_whole", "denominator", "numerator", "rate", "step")

    def __init__(self, rate: TaxRate, currency: str) -> None:
        self.rate = rate
        self.numerator = rate.base_numerator
        self.denominator = rate.base_denominator
        self._whole = rate.base_numerator == rate.base_denominator
        self.step = Decimal(1).scaleb(-exponent(currency))
        self._factor = rate.rate / 100
        self._luxury = rate.luxury_rate / 100
        self._divisor = 1 + self._factor * self.numerator / self.denominator + self._luxury

    def on(self, base: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        """The other tax base, the tax and the luxury tax of a taxable base."""
        step = self.step
        other = base
        if not self._whole:
            other = (base * self.numerator / self.denominator).quantize(step, ROUND_HALF_UP)
        luxury = (base * self._luxury).quantize(step, ROUND_HALF_UP) if self._luxury else NOUGHT
        return other, (other * self._factor).quantize(step, ROUND_HALF_UP), luxury

    def with_tax(self, amount: Decimal) -> Decimal:
        """An amount with its tax, not rounded."""
        return amount * self._divisor

    def without_tax(self, amount: Decimal) -> Decimal:
        """What an amount is without the tax that it holds, not rounded."""
        return amount / self._divisor

    def excluded(self, taxable: Decimal) -> Taxed:
        """The price is without tax."""
        other, tax, luxury = self.on(taxable)
        return Taxed(taxable, other, tax, NOUGHT, luxury)

    def included(self, gross: Decimal) -> Taxed:
        """The price holds its tax: the base whose base plus taxes is nearest to it, the lower one of two equally near.

        Where no base gives the gross back, the difference is rounding, never tax: Rp 5,000 is 4,504 + 495 + 1.
        """
        found = self._holding(gross, (gross / self._divisor).quantize(self.step, ROUND_HALF_UP))
        return self._nearest(gross, found) if found.rounding else found

    def _nearest(self, gross: Decimal, found: Taxed) -> Taxed:
        step = self.step
        while found.rounding < 0:  # base plus taxes rises with every step of the base, so the walk ends
            found = self._holding(gross, found.net - step)
        while found.rounding > 0:
            higher = self._holding(gross, found.net + step)
            if higher.rounding < 0 and found.rounding <= -higher.rounding:
                break
            found = higher
        return found

    def _holding(self, gross: Decimal, base: Decimal) -> Taxed:
        other, tax, luxury = self.on(base)
        return Taxed(base, other, tax, gross - base - tax - luxury, luxury)

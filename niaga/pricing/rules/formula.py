"""The arithmetic of one rule of a price list."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from niaga.core.money import round_to
from niaga.pricing.rules.book import PriceRule

PRICE_DIGITS = 6
"""Unit prices are kept to six decimals: numeric(19,6)."""
HUNDRED = Decimal(100)


def marked(value: Decimal, percent: Decimal, surcharge: Decimal) -> Decimal:
    """A value with a percentage on it and an amount, to six decimals; both may be below zero."""
    return round_to(value * (HUNDRED + percent) / HUNDRED + surcharge, PRICE_DIGITS)


def stepped(price: Decimal, round_to_step: Decimal | None, minus: Decimal, *, up: bool = False) -> Decimal:
    """The nearest "multiple of a step, minus something": 47,260 to 500 minus 1 is 47,499. Half goes up.

    With `up`, the smallest such price that is not below.
    """
    if not round_to_step:
        return price
    rounding = ROUND_CEILING if up else ROUND_HALF_UP
    return ((price + minus) / round_to_step).quantize(Decimal(1), rounding) * round_to_step - minus


def floor_of(cost: Decimal, least_margin: Decimal) -> Decimal:
    """The lowest price at which this share of it, in percent, is margin; to six decimals, never below."""
    return (cost * HUNDRED / (HUNDRED - least_margin)).quantize(Decimal(1).scaleb(-PRICE_DIGITS), ROUND_CEILING)


def price_of(rule: PriceRule, value: Decimal, *, factor: Decimal, cost: Decimal | None) -> Decimal:
    """The rule's price of one of the line's units. Below zero: the rule cannot hold.

    :param value: what the rule starts from, for one of the line's units
    :param factor: how many of the rule's units one of the line's units holds
    :param cost: of one of the line's units, with tax where prices include it; None when unknown
    """
    price = stepped(marked(value, rule.percent, rule.surcharge * factor), rule.round_to, rule.round_minus)
    if rule.least_margin is not None and cost is not None:
        floor = floor_of(cost, rule.least_margin)
        if price < floor:
            return stepped(floor, rule.round_to, rule.round_minus, up=True)
    return price

"""The tax in a price: what a list says with tax or without, as the document shows its prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import LineRequest, TaxRate
from niaga.pricing.rules.shop import Shop
from niaga.pricing.rules.tax import rate_on, turned


class Steps(Protocol):
    """What takes the steps that a price comes over."""

    def append(self, step: Step, /) -> None: ...


def held_rate(shop: Shop, line: LineRequest) -> TaxRate | None:
    """The tax that a price with tax holds: where the buyer pays none, the usual one."""
    tax = line.tax
    return tax.taken_out if tax is not None and tax.taken_out else rate_on(tax, shop.request.on_date)


def turn(shop: Shop, line: LineRequest, price: Decimal, wanted: bool, steps: Steps) -> Decimal:
    """A price of the one sort as one of the other: with tax when `wanted`, else without."""
    rate = held_rate(shop, line)
    if not price or rate is None or not rate.charges:
        return price
    price = turned(price, put_on=wanted, rate=rate, currency=shop.request.currency)
    facts: dict[str, object] = {
        "rate": rate.rate, "numerator": rate.base_numerator, "denominator": rate.base_denominator,
        "luxury_rate": rate.luxury_rate or None,
    }  # fmt: skip
    steps.append(Step("tax_put_on" if wanted else "tax_taken_out", price, facts))
    return price


def as_shown(shop: Shop, line: LineRequest, price: Decimal | None, steps: Steps) -> Decimal | None:
    """The product's own price, as the document shows prices."""
    wanted = shop.wants_tax(line)
    if price is None or shop.includes_tax == wanted:
        return price
    return turn(shop, line, price, wanted, steps)

"""A promotion: a change of prices on conditions, as the rule book holds it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from niaga.pricing.rules.terms import Scope, Terms

MOST_TIMES = 1_000_000
"""A bundle or a buy-and-get holds at most so often on one document."""


class PromotionKind(StrEnum):
    PERCENT = "percent"
    """So many percent off each line."""
    AMOUNT = "amount"
    """So much off each base unit."""
    FIXED_PRICE = "fixed_price"
    """Each base unit at this price, where that is less."""
    BUY_GET = "buy_get"
    """Of what is bought, some units for less or nothing: the cheapest, or every so many."""
    BUNDLE_PRICE = "bundle_price"
    """Several things together at one price."""
    BASKET_PERCENT = "basket_percent"
    """So many percent off the document, from a value on."""
    BASKET_AMOUNT = "basket_amount"
    """So much off the document, from a value on."""
    GIFT = "gift"
    """A product for nothing, from a value on."""
    FREE_DELIVERY = "free_delivery"
    """So many percent off the charges, from a value on."""


LINE_KINDS = frozenset({PromotionKind.PERCENT, PromotionKind.AMOUNT, PromotionKind.FIXED_PRICE})
COMBINATIONS = frozenset({PromotionKind.BUY_GET, PromotionKind.BUNDLE_PRICE})


class Tier(NamedTuple):
    """From `least` on, `figure` holds. The highest tier that is reached counts.

    `least` counts base units of the line for `percent`, `amount` and `fixed_price`; money for what looks at the whole
    document. `figure` is a percentage, an amount, a price or (of a gift) a quantity, as the kind says.
    """

    least: Decimal
    figure: Decimal


class Part(NamedTuple):
    """What a bundle needs: so many base units of anything in the scope."""

    scope: Scope
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Promotion(Terms):
    """What is given, on what, and whether together with others.

    `buy_get`: for every `buy` whole units of `scopes`, `get` units of `get_scopes` (without: of the same) at
    `tiers[0].figure` percent off, the cheapest first. "Every third at half price" is buy 2, get 1, 50 %.
    `bundle_price`: all `parts` together at `tiers[0].figure`, as often as there are enough.
    """

    kind: PromotionKind = PromotionKind.PERCENT
    tiers: tuple[Tier, ...] = ()
    scopes: tuple[Scope, ...] = (None,)
    excluded: tuple[Scope, ...] = ()
    """Lines that it never touches nor counts."""
    get_scopes: tuple[Scope, ...] = ()
    parts: tuple[Part, ...] = ()
    buy: Decimal = Decimal(0)
    get: Decimal = Decimal(0)
    most_times: int | None = None
    """So often on one document at most."""
    most_amount: Decimal | None = None
    """It takes at most so much off one document."""
    gift_product_id: UUID | None = None
    exclusive: bool = False
    """It holds only on what no other promotion touched, and no other touches what it did."""
    by_coupon: bool = False
    """It holds only with one of its coupons."""
    is_limited: bool = False
    """It may be used up: by a number of uses or a budget."""

    @property
    def touches(self) -> tuple[Scope, ...]:
        """The scopes of the lines that it looks at."""
        if self.kind is PromotionKind.BUNDLE_PRICE:
            return tuple(dict.fromkeys(part.scope for part in self.parts))
        return tuple(dict.fromkeys((*self.scopes, *self.get_scopes)))

    def reached(self, value: Decimal) -> Tier | None:
        """The highest tier that a quantity or a value reaches."""
        held = [tier for tier in self.tiers if tier.least <= value]
        return max(held, key=lambda tier: tier.least) if held else None

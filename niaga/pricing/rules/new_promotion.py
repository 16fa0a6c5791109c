"""A promotion as it is given, before anything of it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from niaga.pricing.rules.terms import EVERY_DAY


@dataclass(frozen=True, slots=True)
class NewScope:
    """A part of the assortment: at most one of product, family and category; a brand alone or within a category;
    nothing for everything. `role` is `on`, `except`, `get` or `part`; `quantity` is a part's, in base units."""

    role: str = "on"
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = ""
    quantity: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class NewPromotion:
    """A promotion as a person or program gives it; `rules.promotion.Promotion` says what it comes to."""

    name: str
    kind: str
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    """Pairs of from where on (base units or money) and the figure."""
    scopes: tuple[NewScope, ...] = ()
    customer_id: UUID | None = None
    tier_id: UUID | None = None
    group_id: UUID | None = None
    territory_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekdays: int = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    priority: int = 0
    exclusive: bool = False
    by_coupon: bool = False
    buy: Decimal = Decimal(0)
    get: Decimal = Decimal(0)
    most_times: int | None = None
    most_amount: Decimal | None = None
    gift_product_id: UUID | None = None
    most_uses: int | None = None
    most_per_customer: int | None = None
    budget: Decimal | None = None
    currency: str = ""

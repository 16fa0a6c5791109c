"""Price lists for tests, made by the real services."""

from decimal import Decimal
from itertools import count
from typing import Any

from niaga.catalog.models import Product
from niaga.organization.access import SYSTEM, Actor
from niaga.organization.models import Company
from niaga.organization.tests.makers import AT
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier, PriceList, Promotion
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_programme import NewProgramme, set_programme

_numbers = count(1)


def make_price_list(
    company: Company, prices: dict[tuple[Product, int], int] | None = None, *, by: Actor = SYSTEM, **facts: Any
) -> PriceList:
    """A price list; `prices` maps (product, from quantity) to the price."""
    given = {"code": f"PL{next(_numbers)}", "name": "Grosir Jatim", "at": AT, **facts}
    made = create_price_list(company_id=company.pk, by=by, **given)
    if prices:
        rows = [
            NewPrice(Decimal(price), product.pk, min_quantity=Decimal(least))
            for (product, least), price in prices.items()
        ]
        set_prices(price_list_id=made.pk, prices=rows, by=by, at=AT)
    return PriceList.objects.get(pk=made.pk)


def make_promotion(company: Company, *, by: Actor = SYSTEM, **facts: Any) -> Promotion:
    """A promotion, 10 % off everything unless something else is said."""
    given = {"name": "Obral", "kind": "percent", "tiers": ((Decimal(0), Decimal(10)),), **facts}
    return create_promotion(company_id=company.pk, promotion=NewPromotion(**given), by=by, at=AT)


def make_programme(company: Company, *, by: Actor = SYSTEM, **facts: Any) -> LoyaltyProgramme:
    """A point for every 10,000 without tax, worth 100, without end, unless something else is said."""
    given = {"name": "Poin Niaga", "point_value": Decimal(100), **facts}
    return set_programme(company_id=company.pk, programme=NewProgramme(**given), by=by, at=AT)


def make_tier(company: Company, name: str, threshold: int, *, by: Actor = SYSTEM, **facts: Any) -> LoyaltyTier:
    return save_tier(company_id=company.pk, name=name, threshold=threshold, by=by, at=AT, **facts)

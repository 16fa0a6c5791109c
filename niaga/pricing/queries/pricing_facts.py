"""What a document's lines are priced by: everything that is looked up for them, and the request that it makes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.queries.product_facts import KnownProducts, ProductFacts, UnitFacts, product_facts
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.exchange_rates import Exchange
from niaga.pricing.queries.document_money import DocumentMoney, document_money
from niaga.pricing.queries.list_prices import ListPrices, list_prices
from niaga.pricing.queries.promotion_facts import PromotionFacts, promotion_facts
from niaga.pricing.rules import (
    Buyer,
    Gift,
    LineKind,
    LineRequest,
    PriceRequest,
    RuleBook,
    Taxing,
    TaxPolicy,
    TaxRounding,
)

KINDS = {
    "goods": LineKind.GOODS, "bundle": LineKind.GOODS, "service": LineKind.SERVICE, "charge": LineKind.CHARGE,
}  # fmt: skip
"""What a product is on a line, by its kind."""


@dataclass(frozen=True, slots=True)
class PricingFacts:
    """Who buys on which day, and what holds for them then."""

    context: DocumentContext
    on: date
    money: DocumentMoney
    listed: ListPrices
    promoted: PromotionFacts
    gifts: Mapping[UUID, ProductFacts]
    """What promotions may give this buyer, by promotion."""
    taxes: Taxing

    def line(self, key: str, product: ProductFacts, unit: UnitFacts, quantity: Decimal, **asked: Any) -> LineRequest:
        """A line of a product. `asked` are the fields of a `LineRequest` that a person gives."""
        money = self.money
        return LineRequest(
            key=key, quantity=quantity, unit=unit.code, unit_factor=unit.factor, product_id=product.id,
            **self.listed.of(product), kind=KINDS[product.kind], base_price=money.own(product.price),
            own_unit_price=money.own(unit.price), tax=self.taxes.of(product.tax_category_id),
            unit_cost=money.cost(product.cost), **asked,
        )  # fmt: skip

    def request(self, lines: Iterable[LineRequest], **asked: Any) -> PriceRequest:
        """The whole document. `asked` are the fields of a `PriceRequest` that a person, or the document, gives."""
        context, promoted = self.context, self.promoted
        policy = TaxPolicy(TaxRounding(context.tax_rounding), self.money.step(context.round_total_to))
        asked = {"at_time": context.clock, **asked}
        return PriceRequest(
            currency=self.money.currency, on_date=self.on, lines=tuple(lines), policies=(policy,),
            prices_include_tax=context.prices_include_tax, buyer=self.listed.buyer, book=self.listed.book,
            conversion=self.money.conversion, coupons=promoted.coupons, used_up=promoted.used_up, left=promoted.left,
            gifts=tuple(
                Gift(key, self.line("", product, product.units[0], Decimal(1))) for key, product in self.gifts.items()
            ),
            **asked,
        )  # fmt: skip


def pricing_facts(
    *,
    context: DocumentContext,
    buyer: Buyer,
    on: date,
    known: KnownProducts,
    products: Collection[ProductFacts],
    taxes: Taxing,
    currency: str = "",
    codes: Sequence[str] = (),
    source_id: UUID | None = None,
    with_points: bool = False,
    exchange: Exchange | None = None,
) -> PricingFacts:
    """Look up what prices `products` for a buyer on a day.

    One statement; one more each for another currency than the company's, where promotions are limited, where coupons
    are named, and where a promotion gives a product that is not `known`, which then is. `source_id` is the document,
    whose own use of a promotion does not count against it; `exchange` the rate that it has frozen.
    """
    money = document_money(context, currency or context.currency, on=on, exchange=exchange)
    listed = list_prices(
        company_id=context.company_id, products=products, buyer=buyer,
        currency=money.currency, on=on, with_points=with_points,
    )  # fmt: skip
    promoted = promotion_facts(
        company_id=context.company_id, book=listed.book, buyer=listed.buyer, codes=codes, on=on, source_id=source_id
    )
    gifts = _gifts(context.company_id, listed.book, listed.buyer, promoted, known)
    return PricingFacts(context, on, money, listed, promoted, gifts, taxes)


def _gifts(
    company_id: UUID, book: RuleBook, buyer: Buyer, promoted: PromotionFacts, known: KnownProducts
) -> dict[UUID, ProductFacts]:
    wanted = {
        one.id: one.gift_product_id
        for one in book.seen_by(buyer).promotions
        if one.gift_product_id is not None and (not one.by_coupon or one.id in promoted.coupon_ids)
    }
    if missing := {product_id for product_id in wanted.values() if product_id not in known}:
        known |= product_facts(company_id=company_id, ids=missing)
    found = {promotion_id: known.get(product_id) for promotion_id, product_id in wanted.items()}
    return {one: product for one, product in found.items() if product is not None and not product.is_archived}

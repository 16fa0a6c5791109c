"""What a prepared promotion, or a change of one, would do to products: each in the least basket that reaches it.

A step that begins at a quantity is tried at that quantity of the product; one that begins at a value, at as many whole
units as reach it; a bundle and "buy and get" with what else they need, the first product by SKU that fits. A promotion
with a coupon is tried with one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from niaga.catalog.queries.product_facts import ProductFacts
from niaga.catalog.queries.product_pages import count_sold, sold_within
from niaga.core.money import round_to
from niaga.pricing.queries.standings import Limits, Standings, read_standings
from niaga.pricing.queries.what_if import MOST_BREAKS, Goods, WhatIf
from niaga.pricing.rules import (
    Buyer,
    LineKind,
    LineRequest,
    PricedDocument,
    PriceRefused,
    PriceRequest,
    RuleBook,
    TaxPolicy,
    TaxRounding,
    price_lines,
)
from niaga.pricing.rules.formula import PRICE_DIGITS
from niaga.pricing.rules.promotion import LINE_KINDS, Promotion, PromotionKind
from niaga.pricing.rules.scopes import scopes_of
from niaga.pricing.rules.terms import Scope
from niaga.pricing.rules.what_if import Compared, Scene, cost_of

MOST_PRODUCTS = 100_000
"""So many products of a part of the assortment are asked at most."""
MOST_CARRIERS = 20
"""So many products are looked at for one that a basket needs beside the product that is asked."""
MOST_UNITS = Decimal(1_000_000)
BY_VALUE = frozenset({PromotionKind.BASKET_PERCENT, PromotionKind.BASKET_AMOUNT, PromotionKind.GIFT})
ONE = Decimal(1)
Scopes = tuple[Scope, ...]


class Basket(NamedTuple):
    """A small document, and which of its lines is asked about."""

    goods: Goods
    lines: tuple[LineRequest, ...]
    at: int


@dataclass(frozen=True)
class PromotionWhatIf(WhatIf):
    """As `WhatIf`, of a promotion."""

    @cached_property
    def promotions(self) -> tuple[Promotion, ...]:
        """As it becomes, and as it was; where it holds nowhere, not."""
        return tuple(one for one in (self.books.becomes, self.books.was) if one is not None)

    @cached_property
    def dependents(self) -> tuple[()]:
        return ()

    @cached_property
    def limits(self) -> Mapping[UUID, Limits]:
        heads = {name: after for name, (_before, after) in self.differences.heads.items()}
        return {self.found.id: Limits(*(heads.get(name, getattr(self.found, name)) for name in Limits._fields))}

    @cached_property
    def named(self) -> set[UUID]:
        both = (self.books.before, self.books.after)
        theirs = {one.customer_id for book in both for one in book.promotions.values() if one.customer_id is not None}
        return super().named | theirs

    @cached_property
    def products(self) -> tuple[UUID, ...] | None:
        """Those of which it may change the price, or with which it gives one; None: the whole assortment."""
        found: list[UUID] = []
        if any(one.kind is PromotionKind.FREE_DELIVERY for one in self.promotions):
            found += self._within((None,), most=MOST_PRODUCTS, charges=True)
        scopes = {scope for one in self.promotions for scope in _changes(one)}
        if None in scopes:
            return None
        found += self._within(tuple(scopes), most=MOST_PRODUCTS) if scopes else []
        return tuple(dict.fromkeys(found))

    @cached_property
    def how_many(self) -> int:
        return len(self.products) if self.products is not None else count_sold(company_id=self.found.company_id)

    def _within(self, scopes: Scopes, *, most: int, charges: bool = False) -> list[UUID]:
        return sold_within(
            company_id=self.found.company_id, everything=None in scopes, charges=charges, most=most,
            keys=[one for one in scopes if isinstance(one, UUID)],
            brands=[one for one in scopes if isinstance(one, str)],
            brands_in=[one for one in scopes if isinstance(one, tuple)],
        )  # fmt: skip

    @cached_property
    def carriers(self) -> dict[Scopes, list[UUID]]:
        """What baskets need beside the product that is asked, a few of each: a statement each."""
        needs = {need for one in self.promotions for need in _needs(one)}
        return {need: self._within(need, most=MOST_CARRIERS) for need in needs}

    @cached_property
    def beside(self) -> frozenset[UUID]:
        return frozenset(key for keys in self.carriers.values() for key in keys) | self.gift_products

    @cached_property
    def effort(self) -> int:
        """Whole documents are priced, a few for each step; where a value is to be reached, some more to find it."""
        return sum(len(one.tiers) * (6 if one.kind not in LINE_KINDS else 2) for one in self.promotions) or 1

    @cached_property
    def without(self) -> RuleBook:
        return self.books.before.with_promotion(self.found.id, None)

    @cached_property
    def standings(self) -> Standings:
        """What is used of what has limits; of the one customer that it is for, also by them."""
        customer_id = self.buyer.customer_id
        return read_standings(
            company_id=self.found.company_id, books=(self.books.before, self.books.after),
            customer_ids=[customer_id] if customer_id is not None else [],
        )  # fmt: skip

    # Baskets

    def lines(self, goods: Goods, product: ProductFacts, buyer: Buyer) -> Iterator[Basket]:
        seen: set[tuple[tuple[UUID | None, Decimal], ...]] = set()
        for one in self.promotions:
            for lines, at in self._baskets(one, goods, product, buyer):
                key = tuple((line.product_id, line.quantity) for line in lines)
                if key not in seen and len(seen) < MOST_BREAKS:
                    seen.add(key)
                    yield Basket(goods, lines, at)

    def _baskets(
        self, one: Promotion, goods: Goods, product: ProductFacts, buyer: Buyer
    ) -> Iterator[tuple[tuple[LineRequest, ...], int]]:
        asked = _line(goods, product, ONE)
        is_charge = asked.kind is LineKind.CHARGE
        if one.kind is PromotionKind.FREE_DELIVERY:
            for tier in one.tiers if is_charge else ():
                if reaching := self._reaching(goods, self._carrier(goods, one.scopes), buyer, tier.least):
                    yield (reaching, asked), 1
        elif is_charge or not _fits(asked, _changes(one)):
            return
        elif one.kind in LINE_KINDS:
            for tier in one.tiers:
                yield (_line(goods, product, max(tier.least, ONE)),), 0
        elif one.kind in BY_VALUE:
            for tier in one.tiers:
                if reaching := self._reaching(goods, product, buyer, tier.least):
                    yield (reaching,), 0
        elif one.kind is PromotionKind.BUNDLE_PRICE:
            yield from self._bundle(one, goods, product, asked)
        elif not one.get_scopes:
            yield (_line(goods, product, one.buy + one.get),), 0
        elif bought := self._carrier(goods, one.scopes, never=one.get_scopes):
            yield (_line(goods, bought, one.buy), _line(goods, product, one.get)), 1

    def _bundle(
        self, one: Promotion, goods: Goods, product: ProductFacts, asked: LineRequest
    ) -> Iterator[tuple[tuple[LineRequest, ...], int]]:
        at = next(place for place, part in enumerate(one.parts) if _fits(asked, (part.scope,)))
        lines = []
        for place, part in enumerate(one.parts):
            chosen = product if place == at else self._carrier(goods, (part.scope,))
            if chosen is None:
                return
            lines.append(_line(goods, chosen, part.quantity))
        yield tuple(lines), at

    def _carrier(self, goods: Goods, scopes: Scopes, *, never: Scopes = ()) -> ProductFacts | None:
        for key in self.carriers.get(scopes, ()):
            found = goods.facts.get(key)
            if found is not None and not (never and _fits(_line(goods, found, ONE), never)):
                return found
        return None

    def _reaching(self, goods: Goods, product: ProductFacts | None, buyer: Buyer, least: Decimal) -> LineRequest | None:
        """The fewest whole units that come to the value without this promotion, as near as a few trials find them."""
        if product is None:
            return None
        quantity = ONE
        for _trial in range(5):
            line = _line(goods, product, quantity)
            priced = self._priced(Basket(goods, (line,), 0), buyer, self.without)
            value = priced.lines[0].amount if priced is not None else None
            if not value:
                return line if value is not None and value >= least else None
            if value >= least:
                return line
            quantity = max(quantity + 1, (quantity * least / value).to_integral_value(ROUND_CEILING))
            if quantity > MOST_UNITS:
                return None
        return line

    # What they cost

    def answers(self, buyer: Buyer, lines: Sequence[Basket]) -> list[Compared]:
        scene, books = self.scene(buyer), self.books
        found = []
        for one in lines:
            before, after = self._priced(one, buyer, books.before), self._priced(one, buyer, books.after)
            if before is not None and after is not None:
                was, now = _given(scene, one, before, books.before), _given(scene, one, after, books.after)
                line = one.lines[one.at]
                found.append(
                    Compared(
                        line, _unit_price(line, one.at, before), _unit_price(line, one.at, after),
                        cost_of(scene, line), None, was.products != now.products, was.cost, now.cost,
                    )
                )  # fmt: skip
        return found

    def _priced(self, basket: Basket, buyer: Buyer, book: RuleBook) -> PricedDocument | None:
        """None: nobody can buy so much."""
        scene, context = self.scene(buyer), self.context
        after = book is self.books.after
        facts = self.standings.facts(
            book=book, buyer=buyer, on=scene.on_date, limits=self.limits if after else None
        )  # fmt: skip
        try:
            return price_lines(
                PriceRequest(
                    currency=scene.currency,
                    on_date=scene.on_date,
                    lines=basket.lines,
                    buyer=buyer,
                    prices_include_tax=scene.prices_include_tax,
                    at_time=scene.at_time,
                    book=book,
                    conversion=scene.conversion,
                    policies=(TaxPolicy(TaxRounding(context.tax_rounding), self.money.step(context.round_total_to)),),
                    coupons=((self.found.id, self.found.name),),
                    used_up=facts.used_up,
                    left=facts.left,
                    gifts=basket.goods.gifts(book, buyer, self.taxes, after=after),
                )
            )
        except PriceRefused:
            return None


def _changes(one: Promotion) -> Scopes:
    """Of which lines it may change the price, or with which it gives a product."""
    if one.kind is PromotionKind.FREE_DELIVERY:
        return ()
    if one.kind is PromotionKind.BUNDLE_PRICE:
        return one.touches
    return one.get_scopes or one.scopes


def _needs(one: Promotion) -> Iterator[Scopes]:
    """What a basket holds beside the product that is asked."""
    if one.kind is PromotionKind.BUNDLE_PRICE:
        yield from ((part.scope,) for part in one.parts)
    elif one.kind is PromotionKind.FREE_DELIVERY or one.get_scopes:
        yield one.scopes


def _fits(line: LineRequest, scopes: Collection[Scope]) -> bool:
    mine = {line.product_id, *scopes_of(line)}
    return any(scope in mine for scope in scopes)


def _line(goods: Goods, product: ProductFacts, quantity: Decimal) -> LineRequest:
    return goods.two(product, product.units[0], quantity, goods.entries.get(product.id, ())).before


def _unit_price(line: LineRequest, at: int, priced: PricedDocument) -> Decimal | None:
    """What is paid for a unit after promotions."""
    if any(step.code == "no_price" for step in priced.lines[at].steps):
        return None
    return round_to(priced.lines[at].amount / line.quantity, PRICE_DIGITS)


class Given(NamedTuple):
    products: dict[UUID, Decimal]
    """What is given with a basket, by product."""
    cost: Decimal | None
    """By the unit of the line that is asked about; None: unknown."""


def _given(scene: Scene, basket: Basket, priced: PricedDocument, book: RuleBook) -> Given:
    products: dict[UUID, Decimal] = {}
    whole: Decimal | None = Decimal(0)
    for one in priced.lines:
        if one.gift_of is None:
            continue
        product = basket.goods.facts[_gift_of(book, one.gift_of)]
        quantity = next(Decimal(str(step.facts["quantity"])) for step in one.steps if step.code == "gross")
        cost = cost_of(scene, _line(basket.goods, product, ONE))
        products[product.id] = products.get(product.id, Decimal(0)) + quantity
        whole = None if cost is None or whole is None else whole + cost * quantity
    each = None if whole is None else round_to(whole / basket.lines[basket.at].quantity, PRICE_DIGITS)
    return Given(products, each)


def _gift_of(book: RuleBook, promotion_id: UUID) -> UUID:
    found = book.promotions[promotion_id].gift_product_id
    assert found is not None
    return found

"""What a prepared change would do: to products, to customers, to documents that are open. Nothing is written.

Asked of the price engine itself, with two books: the one that holds, and one in which the draft stands in its place,
a list here, a promotion in `what_if_promotion`. Statements go with pieces of the assortment, never with products,
customers or rules.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from niaga.catalog.queries.catalog_settings import TaxRateFacts, catalog_settings
from niaga.catalog.queries.product_facts import ProductFacts, UnitFacts, product_facts
from niaga.catalog.queries.product_pages import count_sold
from niaga.organization.errors import RateMissing
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.territory_paths import territory_paths
from niaga.parties.queries.buyers import buyer_facts
from niaga.pricing.models import PriceListEntry
from niaga.pricing.queries.document_money import DocumentMoney, document_money
from niaga.pricing.queries.draft_book import TwoBooks
from niaga.pricing.queries.list_prices import list_array, read_entries
from niaga.pricing.queries.pricing_facts import KINDS
from niaga.pricing.queries.standings import Limits
from niaga.pricing.rules import Buyer, Gift, LineRequest, ListEntry, PriceList, RuleBook, Taxing
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.terms import Terms
from niaga.pricing.rules.what_if import Compared, Scene, Two, breaks_of, compared, moment_in

TaxRates = Mapping[UUID, tuple[str, tuple[TaxRateFacts, ...]]]
MOST_BREAKS = 6
"""Units and quantities of one product that are looked at, with one base unit."""


@dataclass(frozen=True)
class WhatIf:
    """A prepared change with all that pricing it needs, read once."""

    found: Any
    """The list or promotion that is changed."""
    differences: Differences
    books: TwoBooks[Any]
    context: DocumentContext
    """Of the branch that is named, or of the head office."""
    at: datetime
    rates_on: date
    """The day of asking: of a moment to come nobody knows the exchange rate."""

    @cached_property
    def terms(self) -> tuple[Terms | None, Terms | None]:
        """For whom and when it holds, after and before."""
        return self.books.becomes, self.books.was

    @cached_property
    def dependents(self) -> tuple[PriceList, ...]:
        """Lists that stand on this one, before or after: they change with it."""
        both = (*self.books.before.standing_on(self.found.id), *self.books.after.standing_on(self.found.id))
        return tuple({one.id: one for one in both}.values())

    @cached_property
    def rates(self) -> TaxRates:
        return catalog_settings(self.found.company_id).tax_rates if self.context.charges_tax else {}

    @cached_property
    def taxes(self) -> Taxing:
        """Those of a buyer at home of whom nothing else is known."""
        return Taxing(self.rates, day=self.context.today, home=self.context.country)

    @cached_property
    def areas(self) -> dict[UUID, tuple[UUID, ...]]:
        return territory_paths(self.found.company_id)

    @cached_property
    def money(self) -> DocumentMoney:
        """How own prices and costs are turned into the currency of the list or promotion: by the day's rate. Without
        one they stay unknown, and so do margins."""
        return document_money(self.context, self.found.currency, on=self.rates_on)

    @property
    def rate(self) -> Decimal | None:
        """Of the company's own currency for one of another; None: there is no other, or no rate of it."""
        return self.money.conversion.rate if self.money.conversion is not None else None

    @property
    def rate_missing(self) -> RateMissing | None:
        """What to ask where own prices and margins stay unknown."""
        if self.money.exchange is not None:
            return None
        return RateMissing.of(self.money.currency, self.money.on, rate_days=self.context.rate_days)

    @cached_property
    def products(self) -> tuple[UUID, ...] | None:
        """The products that the change can touch at all; None: the whole assortment."""
        if self.differences.rules is not None:
            return None
        keys = {key[0] for key in self.differences.prices}
        if self.differences.heads:
            if any(one is not None and one.rules for one in (self.books.becomes, self.books.was)):
                return None
            rows = PriceListEntry.objects.filter(price_list_id=self.found.id)
            keys |= set(rows.values_list("product_id", flat=True).distinct())
        return tuple(sorted(keys))

    @cached_property
    def limits(self) -> Mapping[UUID, Limits]:
        """Limits that the change sets."""
        return {}

    @cached_property
    def named(self) -> set[UUID]:
        """Customers with prices of their own."""
        both = (self.books.before, self.books.after)
        return {one.customer_id for book in both for one in book.lists.values() if one.customer_id is not None}

    @cached_property
    def gift_products(self) -> frozenset[UUID]:
        both = (self.books.before, self.books.after)
        gifts = (one.gift_product_id for book in both for one in book.promotions.values())
        return frozenset(one for one in gifts if one is not None)

    @cached_property
    def by_product(self) -> dict[UUID, list[tuple[UUID | None, Decimal, Decimal | None]]]:
        """The prices that the change sets: unit, quantity, price."""
        found: dict[UUID, list[tuple[UUID | None, Decimal, Decimal | None]]] = {}
        for (product_id, unit_id, least), (_was, price) in self.differences.prices.items():
            found.setdefault(product_id, []).append((unit_id, least, price))
        return found

    @cached_property
    def how_many(self) -> int:
        return len(self.products) if self.products is not None else count_sold(company_id=self.found.company_id)

    @cached_property
    def buyer(self) -> Buyer:
        """Whoever it is made for, and nothing more."""
        named = self.books.becomes or self.books.was
        return self.buyer_of(named) if named is not None else Buyer(branch_id=self.context.branch_id)

    def buyer_of(self, named: Terms) -> Buyer:
        group_id, territory_id = named.group_id, named.territory_id
        if named.customer_id is not None:
            facts = buyer_facts([named.customer_id]).get(named.customer_id)
            group_id = group_id or (facts.group_id if facts else None)
            territory_id = territory_id or (facts.territory_id if facts else None)
        areas = self.areas.get(territory_id, (territory_id,)) if territory_id else ()
        return Buyer(
            named.customer_id,
            group_id,
            areas,
            named.branch_id or self.context.branch_id,
            named.channel_id,
            named.tier_id,
        )

    def scene(self, buyer: Buyer) -> Scene:
        """The first moment at which it holds, from the publication on."""
        day, hour = self.moment
        money = self.money
        return Scene(money.currency, day, hour, self.context.prices_include_tax, buyer, money.conversion)

    @cached_property
    def moment(self) -> tuple[date, time]:
        return moment_in(self.terms, self.context.today, self.context.clock)

    def needed(self, buyers: Collection[Buyer]) -> str:
        """The lists whose entries count for any of these, as the database reads them."""
        found = {self.found.id}  # a list that is prepared is in no book yet
        for book in (self.books.before, self.books.after):
            for buyer in buyers:
                found.update(*(part.needed for part in book.seen_by(buyer).parts))
        return list_array(found)

    @cached_property
    def effort(self) -> int:
        """How many times as long as a price of a list it takes to ask about one product."""
        return 1

    @cached_property
    def beside(self) -> frozenset[UUID]:
        """Products that are read with every piece, though nobody asks what becomes of them."""
        return frozenset()

    def read(
        self, product_ids: Collection[UUID], buyers: Collection[Buyer], *, beside: Collection[UUID] | None = None
    ) -> "Goods":
        """Products with the entries that count: two statements, however many."""
        asked = frozenset(product_ids)
        ids = asked | (self.beside if beside is None else frozenset(beside))
        known = product_facts(company_id=self.found.company_id, ids=ids)
        facts = {one.id: one for one in known.values()}
        _version, entries = read_entries(self.found.company_id, list(facts), self.needed(buyers))
        return Goods(self, facts, entries, asked)

    def lines(self, goods: "Goods", product: ProductFacts, buyer: Buyer) -> Iterator[Any]:
        """One base unit, and each unit and quantity at which the list begins another price."""
        entries = goods.drafted(product)
        base = product.units[0]
        yield goods.two(product, base, Decimal(1), entries)
        mine = (self.found.id,)
        seen = {(base.code, Decimal(1))}
        both = (goods.entries.get(product.id, ()), entries)
        for code, least in breaks_of((self.books.becomes, self.books.was), both, mine):
            unit = product.unit(code)
            quantity = least or Decimal(1)
            if unit is None or (unit.code, quantity) in seen or len(seen) > MOST_BREAKS:
                continue
            seen.add((unit.code, quantity))
            yield goods.two(product, unit, quantity, entries)

    def answers(self, buyer: Buyer, lines: Sequence[Any]) -> list[Compared]:
        """What each of the lines costs this buyer under both books."""
        return compared(
            self.scene(buyer), lines, before=self.books.before, after=self.books.after, draft=self.books.becomes
        )


@dataclass(frozen=True, slots=True)
class Goods:
    """Some products with what the lists say of them, ready to be priced both ways."""

    whole: WhatIf
    facts: dict[UUID, ProductFacts]
    entries: dict[UUID, tuple[ListEntry, ...]]
    asked: frozenset[UUID]

    def drafted(self, product: ProductFacts) -> tuple[ListEntry, ...]:
        """The entries as the change leaves them."""
        entries = self.entries.get(product.id, ())
        changed = self.whole.by_product.get(product.id)
        if not changed:
            return entries
        mine = self.whole.found.id
        codes: dict[UUID | None, str | None] = {None: None, **{unit.id: unit.code for unit in product.units}}
        fresh = {(codes.get(unit_id), least): price for unit_id, least, price in changed}
        kept = [one for one in entries if one.list_id != mine or (one.unit, one.min_quantity) not in fresh]
        new = [ListEntry(mine, price, least, unit) for (unit, least), price in fresh.items() if price is not None]
        return (*kept, *new)

    def two(
        self,
        product: ProductFacts,
        unit: UnitFacts,
        quantity: Decimal,
        entries: tuple[ListEntry, ...],
        *,
        key: str = "1",
        taxes: Taxing | None = None,
        **more: object,
    ) -> Two:
        """A line of the product under both books. `entries` are those of the draft."""
        whole, money = self.whole, self.whole.money
        before = LineRequest(
            key=key, quantity=quantity, unit=unit.code, unit_factor=unit.factor, product_id=product.id,
            category_ids=product.category_ids, brand=product.brand,
            family_id=product.family_id, kind=KINDS[product.kind],
            base_price=money.own(product.price), own_unit_price=money.own(unit.price),
            entries=self.entries.get(product.id, ()), tax=(taxes or whole.taxes).of(product.tax_category_id),
            unit_cost=money.cost(product.cost), **more,  # type: ignore[arg-type]
        )  # fmt: skip
        after = before if entries is before.entries else replace(before, entries=entries)
        return Two(before, after)

    @property
    def products(self) -> list[ProductFacts]:
        """Those that were asked for."""
        return [one for one in self.facts.values() if one.id in self.asked]

    def gifts(self, book: RuleBook, buyer: Buyer, taxes: Taxing, *, after: bool) -> tuple[Gift, ...]:
        """What promotions of a book may give this buyer, at its price under the same book."""
        found = []
        for one in book.seen_by(buyer).promotions:
            product = self.facts.get(one.gift_product_id) if one.gift_product_id is not None else None
            if product is not None and not product.is_archived:
                two = self.two(product, product.units[0], Decimal(1), self.drafted(product), key="", taxes=taxes)
                found.append(Gift(one.id, two.after if after else two.before))
        return tuple(found)

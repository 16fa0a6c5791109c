"""What a prepared change would do: to products, to customers, to documents that are open. Nothing is written.

Asked of the price engine itself, with two books: the one that holds, and one in which the draft stands in the list's
place. Statements go with pieces of the assortment, never with products, customers or rules.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from niaga.catalog.queries.catalog_settings import TaxRateFacts, catalog_settings
from niaga.catalog.queries.product_facts import ProductFacts, UnitFacts, product_facts
from niaga.catalog.queries.product_pages import count_sold
from niaga.organization.queries.branches import head_branch
from niaga.organization.queries.document_context import DocumentContext, document_context
from niaga.organization.queries.territory_paths import territory_paths
from niaga.parties.queries.buyers import buyer_facts
from niaga.pricing.models import PriceChange, PriceListEntry
from niaga.pricing.models import PriceList as ListRow
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.draft_book import TwoBooks, two_books
from niaga.pricing.queries.list_prices import list_array, read_entries
from niaga.pricing.rules import Buyer, LineKind, LineRequest, ListEntry, PriceList, Taxing
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.what_if import Scene, Two, breaks_of, moment_in

TaxRates = Mapping[UUID, tuple[str, tuple[TaxRateFacts, ...]]]
MOST_BREAKS = 6
"""Units and quantities of one product that are looked at, with one base unit."""
KINDS = {"charge": LineKind.CHARGE, "service": LineKind.SERVICE}


@dataclass(frozen=True)
class WhatIf:
    """A prepared change with all that pricing it needs, read once."""

    found: ListRow
    change: PriceChange
    differences: Differences
    books: TwoBooks
    context: DocumentContext
    """Of the list's branch, or of the head office."""
    at: datetime

    @cached_property
    def lists(self) -> tuple[PriceList | None, PriceList | None]:
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
    def home(self) -> bool:
        return self.found.currency == self.context.currency

    @cached_property
    def products(self) -> tuple[UUID, ...] | None:
        """The products that the change can touch at all; None: the whole assortment."""
        if self.differences.rules is not None:
            return None
        keys = {key[0] for key in self.differences.prices}
        if self.differences.heads:
            if any(one is not None and one.rules for one in self.lists):
                return None
            rows = PriceListEntry.objects.filter(price_list_id=self.found.id)
            keys |= set(rows.values_list("product_id", flat=True).distinct())
        return tuple(sorted(keys))

    @cached_property
    def limited(self) -> frozenset[UUID]:
        """Promotions of which nobody knows here what is left."""
        return frozenset(one.id for one in self.books.before.promotions.values() if one.is_limited)

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
        """Whoever the list is made for, and nothing more."""
        named = self.books.becomes or self.books.was
        return self.buyer_of(named) if named is not None else Buyer(branch_id=self.context.branch_id)

    def buyer_of(self, named: PriceList) -> Buyer:
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
        """The first moment at which the list holds, from the publication on."""
        context = self.context
        day, hour = moment_in(self.lists, context.today, context.clock)
        return Scene(self.found.currency, day, hour, context.prices_include_tax, buyer)

    def needed(self, buyers: Collection[Buyer]) -> str:
        """The lists whose entries count for any of these, as the database reads them."""
        found = {self.found.id}
        for book in (self.books.before, self.books.after):
            for buyer in buyers:
                found.update(*(part.needed for part in book.seen_by(buyer).parts))
        return list_array(found)

    def read(self, product_ids: Collection[UUID], buyers: Collection[Buyer]) -> "Goods":
        """Products with the entries that count: two statements, however many."""
        known = product_facts(company_id=self.found.company_id, ids=product_ids)
        facts = {one.id: one for one in known.values()}
        _version, entries = read_entries(self.found.company_id, list(facts), self.needed(buyers))
        return Goods(self, facts, entries)


def what_if(change: PriceChange, found: ListRow, *, at: datetime) -> WhatIf:
    """Reads the change, both books and the company's settings at the moment of its publication."""
    moment = max(change.publish_at, at) if change.publish_at is not None else at
    branch_id = found.branch_id or head_branch(found.company_id)
    differences = differences_of(change)
    context = document_context(branch_id=branch_id, at=moment)
    return WhatIf(found, change, differences, two_books(found, differences), context, moment)


@dataclass(frozen=True, slots=True)
class Goods:
    """Some products with what the lists say of them, ready to be priced both ways."""

    whole: WhatIf
    facts: dict[UUID, ProductFacts]
    entries: dict[UUID, tuple[ListEntry, ...]]

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
        home, whole = self.whole.home, self.whole
        before = LineRequest(
            key=key, quantity=quantity, unit=unit.code, unit_factor=unit.factor, product_id=product.id,
            category_ids=product.category_ids, brand=product.brand,
            family_id=product.family_id, kind=KINDS.get(product.kind, LineKind.GOODS),
            base_price=product.price if home else None, own_unit_price=unit.price if home else None,
            entries=self.entries.get(product.id, ()), tax=(taxes or whole.taxes).of(product.tax_category_id),
            unit_cost=product.cost if home else None, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        after = before if entries is before.entries else replace(before, entries=entries)
        return Two(before, after)

    def lines(self, product: ProductFacts) -> Iterator[Two]:
        """One base unit, and each unit and quantity at which the list begins another price."""
        entries = self.drafted(product)
        base = product.units[0]
        yield self.two(product, base, Decimal(1), entries)
        mine = (self.whole.found.id,)
        seen = {(base.code, Decimal(1))}
        for code, least in breaks_of(self.whole.lists, (self.entries.get(product.id, ()), entries), mine):
            unit = product.unit(code)
            quantity = least or Decimal(1)
            if unit is None or (unit.code, quantity) in seen or len(seen) > MOST_BREAKS:
                continue
            seen.add((unit.code, quantity))
            yield self.two(product, unit, quantity, entries)

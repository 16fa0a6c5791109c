"""Open quotations and draft orders that would cost something else under a prepared change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from niaga.organization.access import Actor
from niaga.organization.queries.document_context import DocumentContext, document_contexts
from niaga.parties.queries.buyers import BuyerFacts, buyer_facts
from niaga.pricing.queries.standing import tiers_of_customers
from niaga.pricing.queries.what_if import Goods, WhatIf
from niaga.pricing.rules import (
    Buyer,
    PricedDocument,
    PriceRefused,
    PriceRequest,
    Taxing,
    TaxPolicy,
    TaxRounding,
    place_of,
    price_lines,
    thawed,
)
from niaga.pricing.rules.what_if import Two
from niaga.ui.registry import Asked, OpenDocument, all_open

MOST_DOCUMENTS = 200
"""Of each kind, the newest."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document priced at the moment of the publication, under what holds and under the change."""

    document: OpenDocument
    lines: int
    """So many of its lines cost something else."""
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    rows: Sequence[DocumentRow]
    """The largest differences first."""
    asked: int
    left_off: int
    difference: Decimal


def count_documents(whole: WhatIf, *, by: Actor) -> DocumentFigures:
    """Of the documents that `by` may see. Priced whole, with their discounts, taxes and promotions, but without
    coupons, gifts and what has a limit; a price that a person set by hand stays. The same statements however many
    documents."""
    open_ = all_open(
        Asked(
            by=by, company_id=whole.found.company_id, currency=whole.found.currency, product_ids=whole.products,
            at=whole.at, most=MOST_DOCUMENTS,
        )
    )  # fmt: skip
    rows = []
    documents = open_.documents
    if documents:
        contexts = document_contexts(branch_ids={one.branch_id for one in documents}, at=whole.at)
        facts = buyer_facts({one.customer_id for one in documents})
        tiers: dict[UUID, UUID | None] = {}
        if whole.books.before.names_tiers or whole.books.after.names_tiers:
            tiers = tiers_of_customers({one.customer_id for one in documents})
        buyers = {one.id: _buyer(whole, one, facts[one.customer_id], tiers.get(one.customer_id)) for one in documents}
        goods = whole.read({line.product_id for one in documents for line in one.lines}, set(buyers.values()))
        found = (_row(goods, one, buyers[one.id], facts[one.customer_id], contexts[one.branch_id]) for one in documents)
        rows = [row for row in found if row is not None]
    rows.sort(key=lambda row: (-abs(row.difference), row.document.number))
    total = sum((row.difference for row in rows), Decimal(0))
    return DocumentFigures(rows, len(documents), open_.left_off, total)


def _buyer(whole: WhatIf, one: OpenDocument, facts: BuyerFacts, tier_id: UUID | None) -> Buyer:
    areas = whole.areas.get(facts.territory_id, ()) if facts.territory_id else ()
    return Buyer(one.customer_id, facts.group_id, areas, one.branch_id, one.channel_id, tier_id)


def _row(
    goods: Goods, one: OpenDocument, buyer: Buyer, facts: BuyerFacts, context: DocumentContext
) -> DocumentRow | None:
    books = goods.whole.books
    if not any(each is not None and each.is_for(buyer) for each in (*goods.whole.lists, *goods.whole.dependents)):
        return None
    taxes = Taxing(
        goods.whole.rates if context.charges_tax else {}, day=context.today, home=context.country,
        place=place_of(one.delivery_address, home=context.country), with_tax_number=facts.has_tax_number,
        treatments=thawed(one.tax_treatment),
    )  # fmt: skip
    lines = _lines(goods, one, taxes)
    request = PriceRequest(
        currency=goods.whole.found.currency, on_date=context.today, lines=tuple(two.before for two in lines),
        prices_include_tax=context.prices_include_tax, buyer=buyer, at_time=context.clock, book=books.before,
        policies=(TaxPolicy(TaxRounding(context.tax_rounding), context.round_total_to or None),),
        discount_percent=one.discount_percent or None, discount_amount=one.discount_amount or None,
        used_up=goods.whole.limited,
    )  # fmt: skip
    before = _priced(request)
    after = _priced(replace(request, lines=tuple(two.after for two in lines), book=books.after))
    if before is None or after is None:
        return None
    changed = sum(1 for was, now in zip(before.lines, after.lines, strict=True) if was.unit_price != now.unit_price)
    return DocumentRow(one, changed, before.total, after.total) if changed else None


def _lines(goods: Goods, one: OpenDocument, taxes: Taxing) -> list[Two]:
    found = []
    drafted: dict[UUID, tuple[object, ...]] = {}
    for place, line in enumerate(one.lines, 1):
        product = goods.facts.get(line.product_id)
        unit = product.unit(line.unit) if product else None
        if product is None or unit is None:
            continue
        entries = drafted.setdefault(product.id, goods.drafted(product))
        found.append(
            goods.two(
                product, unit, line.quantity, entries, key=str(place), manual_price=line.unit_price,  # type: ignore[arg-type]
                discount_percent=line.discount_percent or None, discount_amount=line.discount_amount or None,
                taxes=taxes, optional=line.is_optional, chosen=line.is_chosen,
            )
        )  # fmt: skip
    return found


def _priced(request: PriceRequest) -> PricedDocument | None:
    """None: it cannot be priced so, such as when its discount is more than what is left."""
    try:
        return price_lines(request)
    except PriceRefused:
        return None

"""Open quotations and draft orders that would cost something else under a prepared change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from niaga.organization.access import Actor
from niaga.organization.queries.document_context import DocumentContext, document_contexts
from niaga.parties.queries.buyers import BuyerFacts, buyer_facts
from niaga.pricing.queries.standing import tiers_of_customers
from niaga.pricing.queries.standings import Standings, read_standings
from niaga.pricing.queries.what_if import Goods, WhatIf
from niaga.pricing.rules import (
    Buyer,
    PricedDocument,
    PriceRefused,
    PriceRequest,
    RuleBook,
    Taxing,
    TaxPolicy,
    TaxRounding,
    place_of,
    price_lines,
    thawed,
)
from niaga.pricing.rules.what_if import CENT, Two
from niaga.ui.registry import Asked, OpenDocument, all_open

MOST_DOCUMENTS = 200
"""Of each kind, the newest."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document priced at the moment of the publication, under what holds and under the change."""

    document: OpenDocument
    lines: int
    """So many of its lines cost something else; gifts that come or go are none of them."""
    before: Decimal
    after: Decimal
    discount_before: Decimal
    """All that comes off its lines: promotions with their gifts, discounts by hand."""
    discount_after: Decimal
    margin_before: Decimal | None
    """In percent of the net amount, two decimals; None: unknown."""
    margin_after: Decimal | None

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
    base_difference: Decimal | None
    """In the company's own currency; None: no rate is known."""


def count_documents(whole: WhatIf, *, by: Actor) -> DocumentFigures:
    """Of the documents that `by` may see. Priced whole, each with its own discounts, taxes, promotions, coupons and
    gifts, and within what is left of limits; a price that a person set by hand stays. The same statements however many
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
        standings = read_standings(
            company_id=whole.found.company_id, books=(whole.books.before, whole.books.after),
            customer_ids=list(facts), codes=[code for one in documents for code in one.coupon_codes],
        )  # fmt: skip
        goods = whole.read(
            {line.product_id for one in documents for line in one.lines}, set(buyers.values()),
            beside=whole.gift_products,
        )  # fmt: skip
        found = (
            _row(goods, standings, one, buyers[one.id], facts[one.customer_id], contexts[one.branch_id])
            for one in documents
        )
        rows = [row for row in found if row is not None]
    rows.sort(key=lambda row: (-abs(row.difference), row.document.number))
    total = sum((row.difference for row in rows), Decimal(0))
    based = whole.money.exchange.in_base(total) if whole.money.exchange is not None else None
    return DocumentFigures(rows, len(documents), open_.left_off, total, based)


def _buyer(whole: WhatIf, one: OpenDocument, facts: BuyerFacts, tier_id: UUID | None) -> Buyer:
    areas = whole.areas.get(facts.territory_id, ()) if facts.territory_id else ()
    return Buyer(one.customer_id, facts.group_id, areas, one.branch_id, one.channel_id, tier_id)


def _row(
    goods: Goods,
    standings: Standings,
    one: OpenDocument,
    buyer: Buyer,
    facts: BuyerFacts,
    context: DocumentContext,
) -> DocumentRow | None:
    if not any(each is not None and each.is_for(buyer) for each in (*goods.whole.terms, *goods.whole.dependents)):
        return None
    taxes = Taxing(
        goods.whole.rates if context.charges_tax else {}, day=context.today, home=context.country,
        place=place_of(one.delivery_address, home=context.country), with_tax_number=facts.has_tax_number,
        treatments=thawed(one.tax_treatment),
    )  # fmt: skip
    lines, money = _lines(goods, one, taxes), goods.whole.money

    def priced(book: RuleBook, *, after: bool) -> PricedDocument | None:
        promoted = standings.facts(
            book=book, buyer=buyer, on=context.today, codes=one.coupon_codes,
            limits=goods.whole.limits if after else None,
        )  # fmt: skip
        request = PriceRequest(
            currency=money.currency, on_date=context.today,
            lines=tuple(two.after if after else two.before for two in lines),
            prices_include_tax=context.prices_include_tax, buyer=buyer, at_time=context.clock, book=book,
            conversion=money.conversion,
            policies=(TaxPolicy(TaxRounding(context.tax_rounding), money.step(context.round_total_to)),),
            discount_percent=one.discount_percent or None, discount_amount=one.discount_amount or None,
            coupons=promoted.coupons, used_up=promoted.used_up, left=promoted.left,
            gifts=goods.gifts(book, buyer, taxes, after=after),
        )  # fmt: skip
        return _priced(request)

    before, after = priced(goods.whole.books.before, after=False), priced(goods.whole.books.after, after=True)
    return _told(one, before, after) if before is not None and after is not None else None


def _told(one: OpenDocument, before: PricedDocument, after: PricedDocument) -> DocumentRow | None:
    """None: nothing of it changes."""
    asked = [[line for line in priced.lines if line.gift_of is None] for priced in (before, after)]
    changed = sum(
        1 for was, now in zip(*asked, strict=True) if (was.unit_price, was.amount) != (now.unit_price, now.amount)
    )
    gifts = [[(line.gift_of, line.gross) for line in priced.lines if line.gift_of] for priced in (before, after)]
    if not changed and before.total == after.total and gifts[0] == gifts[1]:
        return None
    return DocumentRow(
        one, changed, before.total, after.total, _discount(before), _discount(after), _margin(before), _margin(after)
    )


def _discount(priced: PricedDocument) -> Decimal:
    counted = (line.discount_amount + line.document_discount for line in priced.lines if line.counted)
    return sum(counted, Decimal(0))


def _margin(priced: PricedDocument) -> Decimal | None:
    if priced.margin is None or not priced.net:
        return None
    return (priced.margin * 100 / priced.net).quantize(CENT, ROUND_HALF_UP)


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

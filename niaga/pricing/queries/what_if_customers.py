"""The customers for whom a prepared change changes prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from niaga.organization.access import Actor
from niaga.parties.queries.buyers import BuyerClass, buyer_classes
from niaga.pricing.queries.what_if import Goods, WhatIf
from niaga.pricing.rules import Buyer
from niaga.pricing.rules.terms import Terms
from niaga.pricing.rules.what_if import any_change

MOST_CLASSES = 200
"""Kinds of customers, told apart by group, territory and branch, and customers with lists of their own."""
MOST_ASKED = 4_000
"""Prices that are compared at most; so many products are asked for each kind of customer as fit in."""
LEAST_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """Customers whom no list and no promotion can tell apart: for how many of the products asked a price changes, and
    how far."""

    customer_id: UUID | None
    label: str
    customers: int
    name: str
    changed: int
    largest: Decimal


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    customers: int
    rows: Sequence[CustomerRow]
    products_asked: int
    whole: bool
    """Whether every product that changes and every kind of customer was asked."""


def count_customers(whole: WhatIf, product_ids: Sequence[UUID], *, of: int, by: Actor) -> CustomerFigures:
    """Of the customers whom `by` may see. `product_ids` are products that change, `of` so many."""
    lists = [one for one in (*whole.terms, *whole.dependents) if one is not None]
    if not lists or not product_ids:
        return CustomerFigures(0, (), len(product_ids), len(product_ids) == of)
    found = buyer_classes(by=by, company_id=whole.found.company_id, named=whole.named, most=MOST_CLASSES)
    buyers = [(one, _buyer(whole, one, lists)) for one in found]
    asked = [(one, buyer) for one, buyer in buyers if any(each.is_for(buyer) for each in lists)]
    if not asked:
        return CustomerFigures(0, (), len(product_ids), len(product_ids) == of)
    many = max(LEAST_PRODUCTS, MOST_ASKED // len(asked))
    goods = whole.read(product_ids[:many], [buyer for _one, buyer in asked])
    rows = _alike(row for one, buyer in asked if (row := _row(goods, one, buyer)) is not None)
    rows.sort(key=lambda row: (-row.customers, row.label, row.name))
    exact = len(goods.products) == of and len(found) < MOST_CLASSES
    return CustomerFigures(sum(row.customers for row in rows), rows, len(goods.products), exact)


def _alike(rows: Iterable[CustomerRow]) -> list[CustomerRow]:
    """Customers of one group and territory for whom the same becomes of prices are one row, whatever their branch."""
    found: dict[tuple[object, ...], CustomerRow] = {}
    for row in rows:
        key = (row.customer_id, row.label, row.changed, row.largest)
        known = found.get(key)
        if known is not None:
            row = replace(known, customers=known.customers + row.customers, name=min(known.name, row.name))
        found[key] = row
    return list(found.values())


def _buyer(whole: WhatIf, one: BuyerClass, lists: Sequence[Terms]) -> Buyer:
    """Such a customer at their own branch, or at the one that is named; by the channel that is named."""
    branches = [each.branch_id for each in lists if each.branch_id is not None]
    channels = [each.channel_id for each in lists if each.channel_id is not None]
    areas = whole.areas.get(one.territory_id, ()) if one.territory_id else ()
    branch_id = branches[0] if branches else one.branch_id or whole.context.branch_id
    return Buyer(one.customer_id, one.group_id, areas, branch_id, channels[0] if channels else None)


def _row(goods: Goods, one: BuyerClass, buyer: Buyer) -> CustomerRow | None:
    whole = goods.whole
    lines = [line for product in goods.products for line in whole.lines(goods, product, buyer)]
    changed, largest = any_change(whole.answers(buyer, lines))
    if not changed:
        return None
    label = " · ".join(part for part in (one.group, one.territory) if part)
    return CustomerRow(one.customer_id, label, one.customers, one.name, changed, largest)

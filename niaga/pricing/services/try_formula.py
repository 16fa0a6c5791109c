from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.catalog.queries.product_facts import ProductFacts
from niaga.catalog.queries.product_pages import sold_within
from niaga.core.errors import Forbidden
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import head_branch
from niaga.organization.queries.document_context import document_context
from niaga.pricing.models import PriceList
from niaga.pricing.queries.differences_of import rules_now
from niaga.pricing.queries.draft_book import two_books
from niaga.pricing.queries.what_if import WhatIf
from niaga.pricing.rules.differences import Differences, data_tells_cost, rule_data
from niaga.pricing.rules.what_if import Compared, Two
from niaga.pricing.services._rules import NewRule, RulesCheck

EXAMPLES = 3


def try_formula(
    *,
    found: PriceList,
    rules: Sequence[NewRule],
    written: NewRule,
    by: Actor,
    at: datetime,
    differences: Differences | None = None,
) -> list[tuple[ProductFacts, Compared]]:
    """What some products would cost, from the quantity of the formula `written` on, for whom the list is made, if it
    had these `rules`, of which it is one. Writes nothing; no more than fifteen statements.

    `differences` are those of the change into which it is written.

    :raises BadRules: see `set_rules`
    :raises Forbidden: it asks the cost, and `by` may not see it
    """
    after = [rule_data(row) for row in RulesCheck(found, by).rows(rules)]
    if not access_of(by).sees_cost and data_tells_cost(after[rules.index(written)]):
        raise Forbidden()
    drafted = replace(differences or Differences(), rules=(rules_now(found.id), after))
    branch_id = found.branch_id or head_branch(found.company_id)
    context = document_context(branch_id=branch_id, at=at)
    whole = WhatIf(found, drafted, two_books(found, drafted), context, at, context.today)
    ids = _sold(found, written)
    goods = whole.read(ids, [whole.buyer])
    products: list[ProductFacts] = []
    lines: list[Two] = []
    for product in (goods.facts[key] for key in ids):
        unit = product.unit(written.unit)
        if unit is not None:
            quantity = written.min_quantity or Decimal(1)
            products.append(product)
            lines.append(goods.two(product, unit, quantity, goods.drafted(product), key=str(len(lines))))
    return list(zip(products, whole.answers(whole.buyer, lines), strict=True))


def _sold(found: PriceList, rule: NewRule) -> list[UUID]:
    keys = [key for key in (rule.product_id, rule.family_id, rule.category_id) if key is not None]
    brand = rule.brand.strip()
    return sold_within(
        company_id=found.company_id, most=EXAMPLES, everything=not keys and not brand,
        keys=[] if brand else keys, brands=[brand] if brand and not keys else [],
        brands_in=[(keys[0], brand)] if brand and keys else [],
    )  # fmt: skip

"""How points are earned, as the programme of a company says on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from niaga.catalog.queries.product_facts import product_facts
from niaga.pricing.models import PointsEntry
from niaga.pricing.rules.terms import Scope, scope_of

_RULE = """
SELECT p.points, p.per_amount, p.with_tax, p.not_on_promoted, p.expires_after, p.welcome_points, p.tier_months,
       p.currency, x.product_id, x.family_id, x.category_id, x.brand
  FROM pricing_loyaltyprogramme p LEFT JOIN pricing_loyaltyexclusion x ON x.programme_id = p.id
 WHERE p.company_id = %s::uuid AND p.is_on AND (p.valid_from IS NULL OR p.valid_from <= %s::date)
   AND (p.valid_to IS NULL OR p.valid_to >= %s::date)
"""


@dataclass(frozen=True, slots=True)
class EarnRule:
    """`points` for every `per_amount` of the company's currency. Months in `expires_after` (None: never)."""

    points: int
    per_amount: Decimal
    with_tax: bool
    not_on_promoted: bool
    expires_after: int | None
    welcome_points: int
    tier_months: int
    currency: str
    excluded: frozenset[Scope] = frozenset()


def earn_rule(*, company_id: UUID, on: date) -> EarnRule | None:
    """The rule that holds on a day; None: no programme does. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RULE, [company_id, on, on])
        rows = cursor.fetchall()
    if not rows:
        return None
    excluded: set[Scope] = set()
    for *_head, product_id, family_id, category_id, brand in rows:  # all of it null: nothing is excluded
        excluded.add(scope_of(product_id, family_id, category_id, brand or ""))
    excluded.discard(None)
    points, per_amount, with_tax, not_on_promoted, ends, welcome, months, currency = rows[0][:8]
    return EarnRule(points, per_amount, with_tax, not_on_promoted, ends, welcome, months, currency, frozenset(excluded))


class EarningLine(NamedTuple):
    """A line of an issued document; amounts in its currency, after every discount."""

    key: UUID
    product_id: UUID
    net: Decimal
    tax: Decimal
    is_promoted: bool = False


def earning_amounts(rule: EarnRule, company_id: UUID, lines: Sequence[EarningLine]) -> dict[UUID, Decimal]:
    """What each line counts with; one statement for their products."""
    products = product_facts(company_id=company_id, ids={line.product_id for line in lines})
    counted = {}
    for line in lines:
        product = products.get(line.product_id)
        amount = line.net + line.tax if rule.with_tax else line.net
        if product is None or product.kind == "charge" or not amount or (line.is_promoted and rule.not_on_promoted):
            continue
        scopes: set[Scope] = {product.id, *product.category_ids}
        if product.family_id:
            scopes.add(product.family_id)
        if product.brand:
            scopes |= {product.brand, *((category, product.brand) for category in product.category_ids)}
        if not scopes & rule.excluded:
            counted[line.key] = amount
    return counted


def was_earned(subject_id: UUID) -> bool:
    """Whether a document's points were given already. Asked under the account's lock."""
    return PointsEntry.objects.filter(subject_id=subject_id, kind="earn").exists()

"""What selling needs to know of products, for any number of lines in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit a product is sold in. `factor` base units; `price` of one such unit when it has its own."""

    id: UUID
    code: str
    digits: int
    factor: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as a line needs it. The first of `units` is the base unit."""

    id: UUID
    sku: str
    name: str
    kind: str
    price: Decimal
    cost: Decimal | None
    category_id: UUID | None
    tax_category_id: UUID
    is_archived: bool
    units: tuple[UnitFacts, ...]

    def unit(self, code: str | None) -> UnitFacts | None:
        """The unit with this code; without a code, the base unit. None: not sold so."""
        if not code:
            return self.units[0]
        return next((unit for unit in self.units if unit.code == code), None)


_SQL = """
SELECT p.id, p.sku, p.name, p.kind, p.price, p.cost, p.category_id, p.tax_category_id, p.archived_at IS NOT NULL,
       u.id, u.code, u.digits,
       (SELECT json_agg(json_build_array(o.id, o.code, o.digits, x.factor::text, x.price::text) ORDER BY x.factor)
          FROM catalog_productunit x JOIN catalog_unit o ON o.id = x.unit_id WHERE x.product_id = p.id)
  FROM catalog_product p JOIN catalog_unit u ON u.id = p.unit_id
 WHERE p.company_id = %s::uuid AND (p.id = ANY(%s::uuid[]) OR p.sku = ANY(%s::text[]))
"""


def product_facts(
    *, company_id: UUID, ids: Collection[UUID] = (), skus: Collection[str] = ()
) -> dict[UUID | str, ProductFacts]:
    """Products by id and by SKU. Those that do not exist in the company are missing from the answer."""
    found: dict[UUID | str, ProductFacts] = {}
    if not ids and not skus:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [company_id, list(ids), list(skus)])
        rows = cursor.fetchall()
    for id_, sku, name, kind, price, cost, category, tax, archived, unit_id, unit_code, digits, others in rows:
        units = [UnitFacts(unit_id, unit_code, digits, Decimal(1), None)]
        for other_id, code, places, factor, own_price in others or ():
            own = Decimal(own_price) if own_price is not None else None
            units.append(UnitFacts(UUID(other_id), code, places, Decimal(factor), own))
        facts = ProductFacts(id_, sku, name, kind, price, cost, category, tax, archived, tuple(units))
        found[id_] = facts
        found[sku] = facts
    return found


@dataclass(frozen=True, slots=True)
class TaxRateFacts:
    """A rate row: `percent` of `numerator`/`denominator` of the net, from `valid_from` on."""

    valid_from: date
    transaction_code: str
    percent: Decimal
    numerator: int
    denominator: int
    luxury_percent: Decimal


def tax_rates(*, company_id: UUID) -> dict[UUID, tuple[str, tuple[TaxRateFacts, ...]]]:
    """The company's tax categories by id: code and rates, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, r.valid_from, r.transaction_code, r.percent, r.base_numerator, r.base_denominator,"
            " r.luxury_percent FROM catalog_taxcategory c JOIN catalog_taxrate r ON r.category_id = c.id"
            " WHERE c.company_id = %s::uuid ORDER BY c.id, r.valid_from",
            [company_id],
        )
        rows = cursor.fetchall()
    found: dict[UUID, tuple[str, tuple[TaxRateFacts, ...]]] = {}
    for id_, code, *rate in rows:
        found[id_] = (code, (*found.get(id_, ("", ()))[1], TaxRateFacts(*rate)))
    return found

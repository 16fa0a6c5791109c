"""What selling needs to know of products, for any number of lines in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.catalog.rules.product import bundle_cost


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit a product is sold in. `factor` base units; `price` of one such unit when it has its own."""

    id: UUID
    code: str
    digits: int
    factor: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What one base unit of a bundle holds: `quantity` base units of a product, at `cost` each."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    digits: int
    quantity: Decimal
    cost: Decimal | None
    is_stocked: bool


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as a line needs it. The first of `units` is the base unit. Only a bundle has `parts`.

    A bundle costs what its parts cost; nothing while one of theirs is unknown.
    """

    id: UUID
    sku: str
    name: str
    kind: str
    price: Decimal
    cost: Decimal | None
    category_id: UUID | None
    brand: str
    family_id: UUID | None
    tax_category_id: UUID
    is_archived: bool
    units: tuple[UnitFacts, ...]
    parts: tuple[PartFacts, ...] = ()

    def unit(self, code: str | None) -> UnitFacts | None:
        """The unit with this code; without a code, the base unit. None: not sold so."""
        if not code:
            return self.units[0]
        return next((unit for unit in self.units if unit.code == code), None)


_SQL = """
SELECT p.id, p.sku, p.name, p.kind, p.price, p.cost, p.category_id, p.brand, p.family_id, p.tax_category_id,
       p.archived_at IS NOT NULL,
       u.id, u.code, u.digits,
       (SELECT json_agg(json_build_array(o.id, o.code, o.digits, x.factor::text, x.price::text) ORDER BY x.factor)
          FROM catalog_productunit x JOIN catalog_unit o ON o.id = x.unit_id WHERE x.product_id = p.id),
       CASE WHEN p.kind = 'bundle' THEN (
         SELECT json_agg(json_build_array(q.id, q.sku, q.name, o.code, o.digits, b.quantity::text, q.cost::text,
                                          q.kind = 'goods') ORDER BY b.id)
           FROM catalog_bundlepart b JOIN catalog_product q ON q.id = b.product_id
           JOIN catalog_unit o ON o.id = q.unit_id
          WHERE b.bundle_id = p.id) END
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
    for id_, sku, name, kind, price, cost, *about, archived, unit_id, unit_code, digits, others, inside in rows:
        units = [UnitFacts(unit_id, unit_code, digits, Decimal(1), None)]
        for other_id, code, places, factor, own_price in others or ():
            own = Decimal(own_price) if own_price is not None else None
            units.append(UnitFacts(UUID(other_id), code, places, Decimal(factor), own))
        parts = tuple(_part(*row) for row in inside or ())
        if kind == "bundle":
            cost = bundle_cost((part.cost, part.quantity) for part in parts)
        category, brand, family, tax = about
        facts = ProductFacts(
            id_, sku, name, kind, price, cost, category, brand, family, tax, archived, tuple(units), parts
        )
        found[id_] = facts
        found[sku] = facts
    return found


_PATHS = """
WITH RECURSIVE up AS (
  SELECT c.id AS start, c.id, c.parent_id, 0 AS height FROM catalog_category c WHERE c.id = ANY(%s::uuid[])
   UNION ALL
  SELECT up.start, c.id, c.parent_id, up.height + 1 FROM up JOIN catalog_category c ON c.id = up.parent_id
   WHERE up.height < 50)
SELECT start, array_agg(id ORDER BY height) FROM up GROUP BY start
"""


def category_paths(category_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Each category with all above it, itself first. One statement."""
    if not category_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PATHS, [list(category_ids)])
        return {start: tuple(path) for start, path in cursor.fetchall()}


def _part(
    id_: str, sku: str, name: str, unit: str, digits: int, quantity: str, cost: str | None, is_stocked: bool
) -> PartFacts:
    known = None if cost is None else Decimal(cost)
    return PartFacts(UUID(id_), sku, name, unit, digits, Decimal(quantity), known, is_stocked)


@dataclass(frozen=True, slots=True)
class TaxRateFacts:
    """A rate row, for deliveries to a place: `percent` of `numerator`/`denominator` of the net, from a day on."""

    valid_from: date
    transaction_code: str
    percent: Decimal
    numerator: int
    denominator: int
    luxury_percent: Decimal
    country: str = ""
    region: str = ""
    with_tax_number: bool = False
    note: str = ""


def tax_rates(*, company_id: UUID) -> dict[UUID, tuple[str, tuple[TaxRateFacts, ...]]]:
    """The company's tax categories by id: code and rates, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, r.valid_from, r.transaction_code, r.percent, r.base_numerator, r.base_denominator,"
            " r.luxury_percent, r.country, r.region, r.with_tax_number, r.note"
            " FROM catalog_taxcategory c JOIN catalog_taxrate r ON r.category_id = c.id"
            " WHERE c.company_id = %s::uuid ORDER BY c.id, r.valid_from",
            [company_id],
        )
        rows = cursor.fetchall()
    found: dict[UUID, tuple[str, tuple[TaxRateFacts, ...]]] = {}
    for id_, code, *rate in rows:
        found[id_] = (code, (*found.get(id_, ("", ()))[1], TaxRateFacts(*rate)))
    return found

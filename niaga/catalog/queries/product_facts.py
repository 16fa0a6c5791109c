"""What selling needs to know of products, for any number of lines in one statement."""

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from niaga.catalog.queries.catalog_settings import CatalogSettings, catalog_settings
from niaga.catalog.queries.current_cost import current_cost
from niaga.catalog.rules.product import bundle_cost
from niaga.core.ids import id_array


class UnitFacts(NamedTuple):
    """A unit a product is sold in. `factor` base units; `price` of one such unit when it has its own."""

    id: UUID
    code: str
    digits: int
    factor: Decimal
    price: Decimal | None


class PartFacts(NamedTuple):
    """What one base unit of a bundle holds: `quantity` base units of a product, at `cost` each."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    digits: int
    quantity: Decimal
    cost: Decimal | None
    is_stocked: bool


class ProductFacts(NamedTuple):
    """A product as a line needs it. The first of `units` is the base unit. Only a bundle has `parts`.

    `cost` is the moving average of what came in, else the standard cost (see `current_cost`). A bundle costs what its
    parts cost; nothing while one of theirs is unknown.
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
    category_ids: tuple[UUID, ...] = ()
    """Its category and those above it, itself first."""
    by_lot: bool = False

    def unit(self, code: str | None) -> UnitFacts | None:
        """The unit with this code; without a code, the base unit. None: not sold so."""
        if not code:
            return self.units[0]
        return next((unit for unit in self.units if unit.code == code), None)


class KnownProducts(dict[UUID | str, ProductFacts]):
    """Products by id and by SKU, with the company's settings of the same moment."""

    def __init__(self, settings: CatalogSettings) -> None:
        super().__init__()
        self.settings = settings


_SQL = """
SELECT (SELECT version FROM catalog_settingsversion WHERE company_id = %s::uuid),
       p.id, p.sku, p.name, p.kind, p.price, {cost}, p.category_id, p.brand, p.family_id, p.tax_category_id,
       p.archived_at IS NOT NULL, p.unit_id,
       (SELECT json_agg(json_build_array(x.unit_id, x.factor::text, x.price::text) ORDER BY x.factor)
          FROM catalog_productunit x WHERE x.product_id = p.id),
       CASE WHEN p.kind = 'bundle' THEN (
         SELECT json_agg(json_build_array(q.id, q.sku, q.name, q.unit_id, b.quantity::text, ({part_cost})::text,
                                          q.kind = 'goods') ORDER BY b.id)
           FROM catalog_bundlepart b JOIN catalog_product q ON q.id = b.product_id{part_joins}
          WHERE b.bundle_id = p.id) END, p.by_lot
  FROM catalog_product p{joins}
 WHERE p.company_id = %s::uuid AND """
# Two texts: the database plans the first one once for all, the second anew for every document.
_BY_ID = "p.id = ANY(%s::uuid[])"
_BY_ID_OR_SKU = "(p.id = ANY(%s::uuid[]) OR p.sku = ANY(%s::text[]))"


@cache
def _sql(which: str) -> str:
    whole, part = current_cost(product="p"), current_cost(product="q")
    return _SQL.format(cost=whole.cost, joins=whole.joins, part_cost=part.cost, part_joins=part.joins) + which


def product_facts(*, company_id: UUID, ids: Collection[UUID] = (), skus: Collection[str] = ()) -> KnownProducts:
    """Products by id and by SKU. Those that do not exist in the company are missing from the answer.

    One statement, and none for what changes seldom: units, categories and taxes are remembered by their version.
    """
    if not ids and not skus:
        return KnownProducts(CatalogSettings())
    with connection.cursor() as cursor:
        if skus:
            cursor.execute(_sql(_BY_ID_OR_SKU), [company_id, company_id, id_array(ids), list(skus)])
        else:
            cursor.execute(_sql(_BY_ID), [company_id, company_id, id_array(ids)])
        rows = cursor.fetchall()
    if not rows:
        return KnownProducts(CatalogSettings())
    settings = catalog_settings(company_id, rows[0][0])
    found = KnownProducts(settings)
    bases = {unit_id.int: UnitFacts(unit_id, *unit, _ONE, None) for unit_id, unit in settings.units.items()}
    for (_version, id_, sku, name, kind, price, cost, category, brand, family, tax, archived, unit_id, others,
         inside, by_lot) in rows:  # fmt: skip
        units: tuple[UnitFacts, ...] = (bases[unit_id.int],)
        if others:
            units += tuple(_unit(settings, *other) for other in others)
        parts: tuple[PartFacts, ...] = ()
        if kind == "bundle":
            parts = tuple(_part(settings, *row) for row in inside or ())
            cost = bundle_cost((part.cost, part.quantity) for part in parts)
        found[id_] = found[sku] = ProductFacts(
            id_, sku, name, kind, price, cost, category, brand, family, tax, archived, units, parts,
            () if category is None else settings.paths.get(category.int, ()), by_lot,
        )  # fmt: skip
    return found


_ONE = Decimal(1)


def _unit(settings: CatalogSettings, id_: str, factor: str, price: str | None) -> UnitFacts:
    unit_id = UUID(id_)
    own = Decimal(price) if price is not None else None
    return UnitFacts(unit_id, *settings.units[unit_id], Decimal(factor), own)


def _part(
    settings: CatalogSettings,
    id_: str,
    sku: str,
    name: str,
    unit: str,
    quantity: str,
    cost: str | None,
    is_stocked: bool,
) -> PartFacts:
    known = None if cost is None else Decimal(cost)
    return PartFacts(UUID(id_), sku, name, *settings.units[UUID(unit)], Decimal(quantity), known, is_stocked)

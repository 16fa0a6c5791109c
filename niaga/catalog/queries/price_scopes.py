"""What a price may be for: products, families, categories and units of a company, in one statement."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

_SQL = """
SELECT 'product', id, NULL FROM catalog_product WHERE company_id = %s::uuid AND id = ANY(%s::uuid[])
 UNION ALL
SELECT 'family', id, NULL FROM catalog_productfamily WHERE company_id = %s::uuid AND id = ANY(%s::uuid[])
 UNION ALL
SELECT 'category', id, NULL FROM catalog_category WHERE company_id = %s::uuid AND id = ANY(%s::uuid[])
 UNION ALL
SELECT 'unit', id, code FROM catalog_unit WHERE company_id = %s::uuid
"""


class Scopes(NamedTuple):
    products: set[UUID]
    families: set[UUID]
    categories: set[UUID]
    units: dict[str, UUID]
    """By code: every unit of the company."""


def known_scopes(
    *, company_id: UUID, products: Collection[UUID], families: Collection[UUID], categories: Collection[UUID]
) -> Scopes:
    """Of what is asked for, that which the company has; archived things too."""
    with connection.cursor() as cursor:
        asked: list[Any] = [
            company_id,
            list(products),
            company_id,
            list(families),
            company_id,
            list(categories),
            company_id,
        ]
        cursor.execute(_SQL, asked)
        rows = cursor.fetchall()
    keys: dict[str, set[UUID]] = {"product": set(), "family": set(), "category": set()}
    units: dict[str, UUID] = {}
    for kind, key, code in rows:
        if kind == "unit":
            units[code] = key
        else:
            keys[kind].add(key)
    return Scopes(keys["product"], keys["family"], keys["category"], units)

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.catalog.models import Product


def sold_products(*, company_id: UUID, after: str = "", most: int) -> list[tuple[str, UUID]]:
    """SKU and key of products that are sold, by SKU, beginning after one: a company's whole assortment in pieces."""
    rows = Product.objects.filter(company_id=company_id, archived_at=None, sku__gt=after).order_by("sku")
    return list(rows.values_list("sku", "id")[:most])


def count_sold(*, company_id: UUID) -> int:
    return Product.objects.filter(company_id=company_id, archived_at=None).count()


_WITHIN = """
WITH RECURSIVE below AS (
  SELECT c.id, c.id AS root FROM catalog_category c
   WHERE c.company_id = %(company)s::uuid AND c.id = ANY(%(roots)s::uuid[])
   UNION ALL
  SELECT c.id, b.root FROM catalog_category c JOIN below b ON c.parent_id = b.id
)
SELECT p.id FROM catalog_product p
 WHERE p.company_id = %(company)s::uuid AND p.archived_at IS NULL AND (p.kind = 'charge') = %(charges)s
   AND (%(all)s OR p.id = ANY(%(keys)s::uuid[]) OR p.family_id = ANY(%(keys)s::uuid[])
        OR p.brand = ANY(%(brands)s::text[])
        OR EXISTS (SELECT 1 FROM below b WHERE b.id = p.category_id
                      AND (b.root = ANY(%(keys)s::uuid[])
                           OR EXISTS (SELECT 1 FROM unnest(%(roots)s::uuid[], %(root_brands)s::text[]) AS x(root, brand)
                                       WHERE x.root = b.root AND x.brand = p.brand))))
 ORDER BY p.sku LIMIT %(most)s
"""


def sold_within(
    *,
    company_id: UUID,
    keys: Collection[UUID] = (),
    brands: Collection[str] = (),
    brands_in: Collection[tuple[UUID, str]] = (),
    everything: bool = False,
    charges: bool = False,
    most: int,
) -> list[UUID]:
    """Products that are sold, by SKU: those that are named by `keys` (products, families of variants, categories with
    all below them), by brand, or by a brand in a category. Goods and services, or `charges` alone. One statement."""
    roots = [*((key, "") for key in keys), *brands_in]
    asked: dict[str, Any] = {
        "company": company_id, "keys": list(keys), "brands": list(brands), "all": everything, "charges": charges,
        "roots": [root for root, _brand in roots], "root_brands": [brand or None for _root, brand in roots],
        "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN, asked)
        return [row[0] for row in cursor.fetchall()]

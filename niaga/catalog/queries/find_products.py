"""Finding a product while a person types or scans: 20 of 100,000 in a few milliseconds, the likeliest first."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from niaga.catalog.models import Product
from niaga.catalog.rules.barcodes import same_article
from niaga.core.rules.search_terms import search_query, words
from niaga.organization.access import Actor, access_of

LAST = "\U0010ffff"
"""Behind every text that begins so: `name >= x AND name < x + LAST` is a prefix search that any plan can index."""
_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product as a type-ahead shows it. `unit` is that of the scanned bar code, else the base unit."""

    id: UUID
    sku: str
    name: str
    brand: str
    kind: str
    unit: str
    base_unit: str
    price: Decimal
    image_id: UUID | None
    exact: bool


_HITS = {
    "code": """(SELECT id, 0 AS rank, NULL::uuid AS unit_id FROM catalog_product
                 WHERE company_id = %(company)s AND sku = ANY(%(skus)s) LIMIT 5)
               UNION ALL (SELECT product_id, 0, unit_id FROM catalog_barcode
                 WHERE company_id = %(company)s AND code = ANY(%(codes)s) LIMIT 5)""",
    "name": """(SELECT id, 1, NULL::uuid FROM catalog_product
                 WHERE company_id = %(company)s AND archived_at IS NULL
                   AND lower(name) COLLATE "C" >= %(low)s::text AND lower(name) COLLATE "C" < %(high)s::text
                 ORDER BY lower(name) COLLATE "C", id LIMIT %(limit)s)""",
    "word": """(SELECT id, 2, NULL::uuid FROM catalog_product
                 WHERE company_id = %(company)s AND archived_at IS NULL
                   AND search @@ to_tsquery('simple', %(query)s) LIMIT %(candidates)s)""",
}
_SQL = """
SELECT p.id, p.sku, p.name, p.brand, p.kind, coalesce(s.code, u.code), u.code, p.price, p.image_id, h.rank = 0
  FROM (SELECT id, min(rank) AS rank, (array_agg(unit_id) FILTER (WHERE unit_id IS NOT NULL))[1] AS unit_id
          FROM ({hits}) AS hits(id, rank, unit_id) GROUP BY id) AS h
  JOIN catalog_product p ON p.id = h.id AND p.archived_at IS NULL
  JOIN catalog_unit u ON u.id = p.unit_id
  LEFT JOIN catalog_unit s ON s.id = h.unit_id
 ORDER BY h.rank, lower(p.name) COLLATE "C", p.id LIMIT %(limit)s
"""


def find_products(text: str, by: Actor, limit: int = 20) -> list[FoundProduct]:
    """The products that fit `text`: exact SKU or bar code, names that begin so, then any word or part of a code.

    Nothing typed gives the first by name; a single letter looks at the beginnings of names only. One statement, by
    indexes alone.

    :raises Forbidden: `by` may not see products
    """
    access = access_of(by)
    access.require("product", "view")
    typed = words(text)
    plain = " ".join(text.lower().split())
    kinds = ["name"] if not plain else ["code", "name"]
    if typed and (len(typed) > 1 or len(typed[0]) > 1):
        kinds.append("word")
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(hits=" UNION ALL ".join(_HITS[kind] for kind in kinds)),
            {
                "company": access.current_company.id,
                "skus": list({text.strip(), text.strip().upper(), plain}),
                "codes": list(same_article(text.strip())),
                "low": plain,
                "high": plain + LAST,
                "query": search_query(text),
                "candidates": _CANDIDATES,
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    return [FoundProduct(*row) for row in rows]


def matching(queryset: QuerySet[Product], text: str) -> QuerySet[Product]:
    """The products that every typed word fits, for lists."""
    typed = search_query(text)
    return queryset.filter(search=SearchQuery(typed, search_type="raw", config="simple")) if typed else queryset

"""Price list entries that may hold for a customer's group, for any number of products in one statement."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.pricing.rules import ListEntry

_SQL = """
SELECT e.product_id, l.id, l.name, e.price, e.min_quantity, l.group_id, l.priority, l.valid_from, l.valid_to
  FROM pricing_pricelistentry e JOIN pricing_pricelist l ON l.id = e.price_list_id
 WHERE e.product_id = ANY(%s::uuid[]) AND l.company_id = %s::uuid AND l.currency = %s::text AND l.archived_at IS NULL
   AND (l.group_id IS NULL OR l.group_id = %s::uuid)
   AND (l.valid_to IS NULL OR l.valid_to >= %s::date - 31)
 ORDER BY l.id, e.min_quantity
"""


def list_entries(
    *, company_id: UUID, product_ids: Collection[UUID], group_id: UUID | None, currency: str, on: date
) -> dict[UUID, tuple[ListEntry, ...]]:
    """Entries by product. Lists that ended within the last month come along, so that the trace can say they ended."""
    found: dict[UUID, list[ListEntry]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(product_ids), company_id, currency, group_id, on])
        for product, list_id, name, price, least, group, priority, start, end in cursor.fetchall():
            found.setdefault(product, []).append(
                ListEntry(
                    list_id=list_id, list_name=name, price=price, min_quantity=Decimal(least), group_id=group,
                    priority=priority, valid_from=start, valid_until=end,
                )
            )  # fmt: skip
    return {product: tuple(entries) for product, entries in found.items()}

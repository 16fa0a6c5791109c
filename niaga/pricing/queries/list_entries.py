"""Price list entries that may hold for a buyer, for any number of products in one statement."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection

from niaga.pricing.models import WHOM
from niaga.pricing.rules import Buyer, ListEntry

_SQL = f"""
SELECT e.product_id, l.id, l.name, e.price, e.min_quantity, l.priority, l.valid_from, l.valid_to,
       {", ".join(f"l.{name}" for name in WHOM)}
  FROM pricing_pricelistentry e JOIN pricing_pricelist l ON l.id = e.price_list_id
 WHERE e.product_id = ANY(%s::uuid[]) AND l.company_id = %s::uuid AND l.currency = %s::text AND l.archived_at IS NULL
   AND (l.customer_id IS NULL OR l.customer_id = %s::uuid)
   AND (l.group_id IS NULL OR l.group_id = %s::uuid)
   AND (l.territory_id IS NULL OR l.territory_id = ANY(%s::uuid[]))
   AND (l.branch_id IS NULL OR l.branch_id = %s::uuid)
   AND (l.channel_id IS NULL OR l.channel_id = %s::uuid)
   AND (l.valid_to IS NULL OR l.valid_to >= %s::date - 31)
 ORDER BY l.id, e.min_quantity
"""


def list_entries(
    *, company_id: UUID, product_ids: Collection[UUID], buyer: Buyer, currency: str, on: date
) -> dict[UUID, tuple[ListEntry, ...]]:
    """Entries by product. Lists that ended within the last month come along, so that the trace can say they ended."""
    found: dict[UUID, list[ListEntry]] = {}
    whom = [buyer.customer_id, buyer.group_id, list(buyer.territory_ids), buyer.branch_id, buyer.channel_id]
    asked = [list(product_ids), company_id, currency, *whom, on]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        for product, list_id, name, price, least, priority, start, end, *named in cursor.fetchall():
            found.setdefault(product, []).append(
                ListEntry(
                    list_id=list_id, list_name=name, price=price, min_quantity=least, priority=priority,
                    valid_from=start, valid_until=end, **dict(zip(WHOM, named, strict=True)),
                )
            )  # fmt: skip
    return {product: tuple(entries) for product, entries in found.items()}

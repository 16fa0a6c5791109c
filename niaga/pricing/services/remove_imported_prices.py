from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import connection


def remove_imported_prices(*, batch_id: UUID, before: Sequence[tuple[UUID, UUID, Decimal, Decimal, Decimal]]) -> int:
    """Take the prices of an import back: new ones go, changed ones are again what they were, its own lists go.

    A price that somebody changed since stays as it is.

    :param before: price list, product and minimum quantity, the price that was there and the one that was imported
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pricing_pricelistentry e SET price = b.price, import_batch_id = NULL"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[])"
            " AS b(list, product, least, price, imported)"
            " WHERE e.price_list_id = b.list AND e.product_id = b.product AND e.min_quantity = b.least"
            " AND e.unit_id IS NULL AND e.price = b.imported",
            [[row[place] for row in before] for place in range(5)],
        )
        restored: int = cursor.rowcount
        cursor.execute("DELETE FROM pricing_pricelistentry WHERE import_batch_id = %s::uuid", [batch_id])
        removed: int = cursor.rowcount
        cursor.execute(
            "DELETE FROM pricing_pricelist l WHERE import_batch_id = %s::uuid"
            " AND NOT EXISTS (SELECT 1 FROM pricing_pricelistentry WHERE price_list_id = l.id)",
            [batch_id],
        )
    return restored + removed

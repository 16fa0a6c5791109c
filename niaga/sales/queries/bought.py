"""What a customer ever bought: the goods that left for them, by product and unit. A door for returns."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection


class Bought(NamedTuple):
    """`shipped` in the unit, of `orders` orders; the last left with the order `order_id`."""

    product_id: UUID
    unit_id: UUID
    sku: str
    name: str
    unit: str
    factor: Decimal
    shipped: Decimal
    orders: int
    last_date: date
    order_id: UUID
    number: str


_BOUGHT = """
SELECT l.product_id, l.unit_id, p.sku, p.name, u.code, max(l.factor), sum(l.shipped), count(DISTINCT o.id), max(o.date),
       (array_agg(o.id ORDER BY o.date DESC, o.id DESC))[1], (array_agg(o.number ORDER BY o.date DESC, o.id DESC))[1]
  FROM sales_salesorder o JOIN sales_salesorderline l ON l.order_id = o.id
  JOIN catalog_product p ON p.id = l.product_id JOIN catalog_unit u ON u.id = l.unit_id
 WHERE o.customer_id = %s::uuid AND o.company_id = %s::uuid AND o.status IN ('confirmed', 'closed')
   AND l.kind = 'item' AND l.shipped > 0 AND l.needs_stock AND l.parts = '[]'::jsonb
 GROUP BY 1, 2, 3, 4, 5 ORDER BY max(o.date) DESC, p.name, u.code LIMIT %s
"""


def goods_bought(*, company_id: UUID, customer_id: UUID, most: int = 200) -> list[Bought]:
    """The goods that left for a customer, the latest first; no bundles, whose parts come back alone. One statement.
    Unchecked access."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUGHT, [customer_id, company_id, most])
        return [Bought(*row) for row in cursor.fetchall()]

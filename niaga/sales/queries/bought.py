"""What a customer bought: the goods that left for them, by product and unit. A door for returns."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
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


NEWEST = 1_000
"""So many orders are looked at where no product is named."""
_NEWEST = """
  SELECT id, date, number FROM sales_salesorder
   WHERE customer_id = %(customer)s::uuid AND company_id = %(company)s::uuid AND status IN ('confirmed', 'closed')
   ORDER BY date DESC, id DESC LIMIT %(newest)s
"""
_EVER = """
  SELECT DISTINCT o.id, o.date, o.number FROM sales_salesorderline l JOIN sales_salesorder o ON o.id = l.order_id
   WHERE l.product_id = ANY(%(products)s::uuid[]) AND o.customer_id = %(customer)s::uuid
     AND o.company_id = %(company)s::uuid AND o.status IN ('confirmed', 'closed')
"""
_BOUGHT = """
WITH o AS MATERIALIZED ({orders})
SELECT l.product_id, l.unit_id, p.sku, p.name, u.code, max(l.factor), sum(l.shipped), count(DISTINCT o.id), max(o.date),
       (array_agg(o.id ORDER BY o.date DESC, o.id DESC))[1], (array_agg(o.number ORDER BY o.date DESC, o.id DESC))[1]
  FROM o JOIN sales_salesorderline l ON l.order_id = o.id {named}
  JOIN catalog_product p ON p.id = l.product_id JOIN catalog_unit u ON u.id = l.unit_id
 WHERE l.kind = 'item' AND l.shipped > 0 AND l.needs_stock AND l.parts = '[]'::jsonb
 GROUP BY 1, 2, 3, 4, 5 ORDER BY max(o.date) DESC, p.name, u.code LIMIT %(most)s
"""


def goods_bought(
    *, company_id: UUID, customer_id: UUID, products: Collection[UUID] | None = None, most: int = 200
) -> list[Bought]:
    """The goods that left for a customer with their newest orders, the latest first; of `products` all that ever did.
    No bundles, whose parts come back alone. One statement. Unchecked access."""
    facts: dict[str, Any] = {
        "customer": customer_id, "company": company_id, "newest": NEWEST, "products": list(products or ()),
        "most": most,
    }  # fmt: skip
    named = "" if products is None else "AND l.product_id = ANY(%(products)s::uuid[])"
    with connection.cursor() as cursor:
        cursor.execute(_BOUGHT.format(orders=_NEWEST if products is None else _EVER, named=named), facts)
        return [Bought(*row) for row in cursor.fetchall()]

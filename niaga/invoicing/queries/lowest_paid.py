"""The lowest price that was paid for goods, without tax: by a customer, and by anybody."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

Key = tuple[UUID, UUID]
"""A product and a unit."""


class Paid(NamedTuple):
    """For one unit, after every discount and without tax; on which invoice, and whether it was the customer's own."""

    price: Decimal
    date: date
    invoice_id: UUID
    number: str
    is_own: bool


# Gifts were not paid for, so they do not make goods free. Nor was what was credited again whole: it was wrongly priced,
# or never stayed.
_LOWEST = """
SELECT DISTINCT ON (a.product_id, a.unit_id, i.customer_id = %(customer)s::uuid)
       a.product_id, a.unit_id, round(l.net / l.quantity, 6), i.date, i.id, i.number, i.customer_id = %(customer)s::uuid
  FROM unnest(%(products)s::uuid[], %(units)s::uuid[]) AS a(product_id, unit_id)
  JOIN invoicing_invoiceline l ON l.product_id = a.product_id AND l.unit_id = a.unit_id
  JOIN invoicing_invoice i ON i.id = l.invoice_id
  LEFT JOIN LATERAL (
    SELECT sum(c.quantity) AS quantity, sum(c.net) AS net
      FROM invoicing_invoiceline c JOIN invoicing_invoice n ON n.id = c.invoice_id
     WHERE c.credits_line_id = l.id AND n.kind = 'credit_note' AND n.status = 'issued') c ON true
 WHERE i.company_id = %(company)s::uuid AND i.kind = 'invoice' AND i.status = 'issued'
   AND i.currency = %(currency)s AND i.date BETWEEN %(since)s AND %(until)s AND l.quantity > 0 AND l.net > 0
   AND coalesce(c.quantity, 0) < l.quantity AND coalesce(c.net, 0) < l.net
 ORDER BY a.product_id, a.unit_id, i.customer_id = %(customer)s::uuid, l.net / l.quantity, i.date DESC, i.id
"""


def lowest_paid(
    *, company_id: UUID, customer_id: UUID, goods: Collection[Key], currency: str, since: date, until: date
) -> dict[Key, Paid]:
    """By product and unit: the lowest the customer paid in these days, else the lowest that anybody did; what nobody
    bought is missing. One statement. Unchecked access."""
    if not goods:
        return {}
    asked = list(goods)
    with connection.cursor() as cursor:
        cursor.execute(
            _LOWEST,
            {"company": company_id, "customer": customer_id, "currency": currency, "since": since, "until": until,
             "products": [one[0] for one in asked], "units": [one[1] for one in asked]},
        )  # fmt: skip
        rows = cursor.fetchall()
    found: dict[Key, Paid] = {}
    for product_id, unit_id, *paid in rows:
        one = Paid(*paid)
        if one.is_own or (product_id, unit_id) not in found:
            found[product_id, unit_id] = one
    return found

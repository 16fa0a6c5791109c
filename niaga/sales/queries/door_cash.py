"""What is to be collected at the doors of a route: what is due by its day of the invoices of the orders it brings."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from niaga.stock.rules.load_list import LoadFact

# An invoice of several deliveries is collected once: with the first of them.
_DUE = """
SELECT DISTINCT ON (i.id) a.delivery_id, i.currency, b.total - b.allocated
  FROM unnest(%s::uuid[]) WITH ORDINALITY AS a(delivery_id, place)
  JOIN stock_deliveryline v ON v.delivery_id = a.delivery_id
  JOIN sales_orderlinedelivery k ON k.delivery_line_id = v.id
  JOIN sales_salesorderline mine ON mine.id = k.order_line_id
  JOIN sales_salesorderline l ON l.order_id = mine.order_id
  JOIN sales_orderlineinvoice n ON n.order_line_id = l.id
  JOIN invoicing_invoiceline w ON w.id = n.invoice_line_id
  JOIN invoicing_invoice i ON i.id = w.invoice_id AND i.status = 'issued' AND i.kind = 'invoice'
  JOIN invoicing_invoicebalance b ON b.invoice_id = i.id
 WHERE b.total > b.allocated AND b.due_date <= %s::date
 ORDER BY i.id, a.place
"""


def cash_at_doors(delivery_ids: Sequence[UUID], day: date) -> Mapping[UUID, LoadFact]:
    """By delivery. One statement; the caller may see the deliveries."""
    found: dict[UUID, LoadFact] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [list(delivery_ids), day])
        for delivery_id, currency, amount in cursor.fetchall():
            found.setdefault(delivery_id, LoadFact()).add(LoadFact(cash={currency: amount}))
    return found

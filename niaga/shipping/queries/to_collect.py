"""What a customer owes at the door for the goods that are brought: nothing else of their account, no price."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.core.money import Money
from niaga.stock.rules.load_list import LoadFact

# Of invoices of these goods what is due by the day: each stands at one door only, the first of those asked for. Of an
# order that is paid at once and has no invoice yet, what its goods cost. What drivers hold already is taken off.
_DUE = """
WITH asked AS (
  SELECT d.id, d.status FROM stock_delivery d WHERE d.id = ANY(%(ids)s::uuid[])
), goods AS (
  SELECT a.id AS delivery_id, k.order_line_id, k.quantity, l.order_id, l.quantity AS ordered,
         l.net + l.tax + l.luxury_tax AS worth
    FROM asked a JOIN stock_deliveryline v ON v.delivery_id = a.id
    JOIN sales_orderlinedelivery k ON k.delivery_line_id = v.id JOIN sales_salesorderline l ON l.id = k.order_line_id
), billed AS (
  SELECT DISTINCT ON (n.id) n.id AS invoice_id, g.delivery_id
    FROM goods g JOIN sales_orderlineinvoice i ON i.order_line_id = g.order_line_id
    JOIN invoicing_invoiceline x ON x.id = i.invoice_line_id
    JOIN invoicing_invoice n ON n.id = x.invoice_id AND n.status = 'issued' AND n.kind <> 'credit_note'
    JOIN asked a ON a.id = g.delivery_id
   ORDER BY n.id, a.status = 'delivered', g.delivery_id
), invoices AS (
  SELECT b.delivery_id, o.currency, greatest(0, least(o.total - o.allocated, (
           SELECT coalesce(sum(d.amount), 0) FROM invoicing_invoicedue d
            WHERE d.invoice_id = b.invoice_id AND d.due_date <= %(day)s::date) - o.allocated)) AS due
    FROM billed b JOIN invoicing_invoicebalance o ON o.invoice_id = b.invoice_id
), orders AS (
  SELECT g.delivery_id, s.id, s.currency, s.total, sum(round(g.worth * g.quantity / g.ordered, 4)) AS worth,
         bool_and(g.quantity = g.ordered) AND count(*) = (
           SELECT count(*) FROM sales_salesorderline l
            WHERE l.order_id = s.id AND l.kind = 'item' AND l.needs_stock) AS is_whole
    FROM goods g JOIN sales_salesorder s ON s.id = g.order_id
   WHERE NOT EXISTS (SELECT FROM sales_orderlineinvoice i WHERE i.order_line_id = g.order_line_id)
     AND EXISTS (SELECT FROM parties_termpart t WHERE t.term_id = s.payment_term_id)
     AND NOT EXISTS (SELECT FROM parties_termpart t WHERE t.term_id = s.payment_term_id
                        AND (t.days > 0 OR t.end_of_month OR t.after_exchange))
   GROUP BY g.delivery_id, s.id
), paid_before AS (
  SELECT o.id, sum(b.allocated) AS paid FROM orders o JOIN sales_orderinvoice i ON i.order_id = o.id
    JOIN invoicing_invoicebalance b ON b.invoice_id = i.invoice_id GROUP BY o.id
), held AS (
  SELECT g.delivery_id, sum(v.cash) AS cash
    FROM (SELECT DISTINCT g.delivery_id, x.delivery_id AS other_id FROM goods g
            JOIN sales_salesorderline l ON l.order_id = g.order_id
            JOIN sales_orderlinedelivery k ON k.order_line_id = l.id
            JOIN stock_deliveryline x ON x.id = k.delivery_line_id) g
    JOIN shipping_deliveryvisit v ON v.delivery_id = g.other_id AND v.cash IS NOT NULL
    LEFT JOIN shipping_cashtakenin t ON t.visit_id = v.id WHERE t.id IS NULL GROUP BY g.delivery_id
)
SELECT s.delivery_id, s.currency,
       sum(s.due) - coalesce((SELECT h.cash FROM held h WHERE h.delivery_id = s.delivery_id), 0)
  FROM (SELECT delivery_id, currency, due FROM invoices
         UNION ALL
        SELECT o.delivery_id, o.currency,
               greatest(0, CASE WHEN o.is_whole THEN o.total ELSE o.worth END - coalesce(p.paid, 0))
          FROM orders o LEFT JOIN paid_before p ON p.id = o.id) s
 GROUP BY s.delivery_id, s.currency
"""


def to_collect(*, delivery_ids: Collection[UUID], currency: str, day: date) -> dict[UUID, Money]:
    """By delivery what its driver is to be paid on a day, those that owe nothing left out. One statement.

    That is: of the invoices of its goods what is due by then; and where the order is to be paid at once and is not
    billed yet, what the goods of the delivery cost, taxes included, less what was paid before. Drivers take the
    company's own `currency` only. The caller has checked access.
    """
    found = _due(delivery_ids, day)
    return {key: one for key, owed in found.items() for one in owed if one.currency == currency}


def collected_at_doors(delivery_ids: Sequence[UUID], day: date) -> Mapping[UUID, LoadFact]:
    """The same for the load list, in every currency. One statement; the caller may see the deliveries."""
    found = _due(delivery_ids, day)
    return {key: LoadFact(cash={one.currency: one.amount for one in owed}) for key, owed in found.items()}


def _due(delivery_ids: Collection[UUID], day: date) -> dict[UUID, list[Money]]:
    """Above zero, one for each currency."""
    if not delivery_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"ids": list(delivery_ids), "day": day})
        rows: list[tuple[UUID, str, Decimal]] = cursor.fetchall()
    found: dict[UUID, list[Money]] = {}
    for key, currency, due in rows:
        if due > 0:
            found.setdefault(key, []).append(Money(due, currency).rounded())
    return found

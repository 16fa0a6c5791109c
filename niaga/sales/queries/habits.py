"""How a customer buys and pays: what an approver asks before saying yes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

LAST = 3
_HABITS = f"""
WITH bought AS (
  SELECT o.id, o.number, o.confirmed_date, o.total, o.currency,
         (SELECT sum(coalesce(nullif(l.list_price, 0), l.unit_price) * l.quantity - l.promotion_discount)
            FROM sales_salesorderline l
           WHERE l.order_id = o.id AND l.kind = 'item' AND l.product_id IS NOT NULL) AS listed,
         (SELECT sum(l.amount - l.document_discount) FROM sales_salesorderline l
           WHERE l.order_id = o.id AND l.kind = 'item' AND l.product_id IS NOT NULL) AS sold
    FROM sales_salesorder o
   WHERE o.customer_id = %s::uuid AND o.status IN ('confirmed', 'closed') AND o.confirmed_date >= %s
), share AS (
  SELECT greatest(0, (listed - sold) * 100 / nullif(listed, 0)) AS percent FROM bought
), owed AS (
  SELECT settled_at, due_date FROM invoicing_invoicebalance
   WHERE customer_id = %s::uuid AND kind NOT IN ('credit_note', 'debit_note') AND due_date >= %s
)
SELECT (SELECT count(*) FROM bought), (SELECT coalesce(avg(percent), 0) FROM share),
       (SELECT coalesce(max(percent), 0) FROM share),
       (SELECT count(*) FROM owed WHERE settled_at IS NOT NULL),
       (SELECT count(*) FROM owed WHERE settled_at::date > due_date),
       (SELECT coalesce(max(%s - due_date), 0) FROM owed WHERE settled_at IS NULL AND due_date < %s),
       (SELECT json_agg(json_build_array(number, confirmed_date, total::text, currency)) FROM (
          SELECT * FROM bought ORDER BY confirmed_date DESC, id DESC LIMIT {LAST}) AS recent)
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """Since a day: orders with their usual and largest discount in percent, invoices paid and those paid late, and for
    how many days the oldest unpaid one is overdue. `last` are the latest orders: number, day, total, currency."""

    orders: int
    discount: Decimal
    most: Decimal
    invoices: int
    late: int
    overdue: int
    last: tuple[tuple[str, date, Decimal, str], ...]


def habits_of(*, customer_id: UUID, since: date, today: date) -> Habits:
    """One statement; the caller checks access."""
    with connection.cursor() as cursor:
        cursor.execute(_HABITS, [customer_id, since, customer_id, since, today, today])
        orders, usual, most, paid, late, overdue, last = cursor.fetchone()
    told = tuple((number, date.fromisoformat(day), Decimal(total), money) for number, day, total, money in last or ())
    return Habits(orders, usual, most, paid, late, overdue, told)

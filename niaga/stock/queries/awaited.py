"""Who waits for goods that are to come, and whether they will come when they were promised."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from niaga.stock.models import Awaited

# By warehouse and product: what has been claimed up to each day against what is still expected up to it. A claim that
# its day does not cover is broken; one without a day may find one. "Today" is the branch's.
_TO_PROMISE = """
WITH late AS (
  SELECT a.warehouse_id, a.product_id FROM stock_awaited a
    JOIN stock_warehouse w ON w.id = a.warehouse_id JOIN organization_branch b ON b.id = w.branch_id
   CROSS JOIN LATERAL (SELECT (%(at)s::timestamptz AT TIME ZONE b.zone)::date AS today) d
   WHERE (%(place)s::uuid IS NULL OR a.warehouse_id = %(place)s::uuid) AND (
     a.date IS NULL
     OR (SELECT sum(c.quantity) FROM stock_awaited c
          WHERE c.warehouse_id = a.warehouse_id AND c.product_id = a.product_id AND c.date <= a.date)
      > (SELECT coalesce(sum(x.quantity - x.received), 0)
           FROM stock_expectedreceiptline x JOIN stock_expectedreceipt r ON r.id = x.expected_id
          WHERE x.product_id = a.product_id AND r.warehouse_id = a.warehouse_id AND r.status = 'open'
            AND r.expected_date BETWEEN d.today AND a.date)))
SELECT a.source_id, min(a.created_at) FROM stock_awaited a
 WHERE a.source_kind = 'order'
   AND (a.warehouse_id, a.product_id) IN (SELECT warehouse_id, product_id FROM late)
 GROUP BY 1 ORDER BY 2, 1
"""


def orders_to_promise(*, warehouse_id: UUID | None, at: datetime) -> list[UUID]:
    """Orders with a claim on goods of which some claim cannot be kept, or has no day yet; the first claim first."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_PROMISE, {"place": warehouse_id, "at": at})
        return [row[0] for row in cursor.fetchall()]


def goods_day(*, source: str = "pk") -> Subquery:
    """An annotation for a queryset of documents: the last day from which something that one waits for is promised."""
    rows = Awaited.objects.filter(source_id=OuterRef(source), date__isnull=False).order_by().values("source_id")
    return Subquery(rows.annotate(last=Max("date")).values("last"))

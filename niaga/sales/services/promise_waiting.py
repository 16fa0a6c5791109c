from datetime import datetime

from django.db import connection

from niaga.core.clock import today as day_at
from niaga.sales.models import SalesOrder
from niaga.sales.queries.needs import NEEDS
from niaga.stock.services.await_goods import PutOff, await_goods

# How much less is held than the order's lines still need, in their order.
_GAPS = f"""
SELECT g.line_id, g.product_id, g.gap FROM (
  SELECT n.line_id, n.product_id, n.base - coalesce((
           SELECT sum(r.quantity) FROM stock_reservation r
            WHERE r.source_id = n.order_id AND r.line_id = n.line_id AND r.product_id = n.product_id), 0) AS gap
    FROM ({NEEDS.format(lines="(SELECT * FROM sales_salesorderline WHERE order_id = %s::uuid)")}) n) g
  JOIN sales_salesorderline l ON l.id = g.line_id
 WHERE g.gap > 0 ORDER BY l.planned_date NULLS FIRST, l.position, g.product_id
"""


def promise_waiting(*, order: SalesOrder, at: datetime) -> list[PutOff]:
    """Promise what a locked order waits for out of what is to come; claims of what it needs no longer are given back.

    Called after what changed the order or what it holds was written, in the same transaction. Returns what was
    promised for an earlier day before.
    """
    wants = {}
    if order.status == "confirmed":
        with connection.cursor() as cursor:
            cursor.execute(_GAPS, [order.id])
            wants = {(line_id, product_id): gap for line_id, product_id, gap in cursor.fetchall()}
    return await_goods(
        company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order", source_id=order.id,
        wants=wants, today=day_at(at=at, zone=order.branch.zone), at=at,
    )  # fmt: skip

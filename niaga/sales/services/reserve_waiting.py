from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.core.errors import WrongState
from niaga.organization.access import SYSTEM
from niaga.sales.queries.needs import NEEDS
from niaga.sales.services.hold_waiting import hold_waiting

# Confirmed orders of a warehouse with a line that holds less than it still promises, the soonest planned first.
_WAITING = f"""
SELECT o.id FROM sales_salesorder o
 WHERE o.warehouse_id = %s::uuid AND o.status = 'confirmed' AND o.delivery_progress <> 'done'
   AND EXISTS (
     SELECT 1 FROM ({NEEDS.format(lines="(SELECT * FROM sales_salesorderline WHERE order_id = o.id)")}) n
      WHERE n.product_id = ANY(%s::uuid[])
        AND n.base > coalesce((SELECT sum(r.quantity) FROM stock_reservation r
                                WHERE r.line_id = n.line_id AND r.source_id = o.id AND r.product_id = n.product_id), 0))
 ORDER BY o.planned_date NULLS LAST, o.confirmed_at, o.id
"""


def reserve_waiting(*, warehouse_id: UUID, product_ids: Collection[UUID], at: datetime) -> int:
    """Hold goods that came in for the orders that wait for them, in the order of their planned days.

    Each order is a transaction of its own, so a receipt of many goods keeps no order locked for long.
    Returns how many orders could hold something more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [warehouse_id, list(product_ids)])
        order_ids = [row[0] for row in cursor.fetchall()]
    helped = 0
    for order_id in order_ids:
        try:
            helped += hold_waiting(order_id=order_id, by=SYSTEM, at=at) > Decimal(0)
        except WrongState:  # cancelled, or held by somebody else in the meantime
            continue
    return helped

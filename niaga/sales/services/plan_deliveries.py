from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.sales.errors import NothingToDeliver
from niaga.sales.models import SalesOrder
from niaga.sales.queries.needs import NEEDS
from niaga.sales.services.deliver_order import deliver_order
from niaga.stock.services.plan_day import Planned, plan_day

# Confirmed orders with a line that is due by a day, or on none, and has something left that is held and in no delivery:
# at least the smallest quantity that the line's unit knows, of a bundle of every part. A line's
# own day goes before its order's.
_DUE = f"""
SELECT o.id FROM sales_salesorder o
 WHERE o.warehouse_id = %s::uuid AND o.status = 'confirmed' AND o.delivery_progress <> 'done'
   AND EXISTS (
     SELECT 1 FROM sales_salesorderline l JOIN catalog_unit u ON u.id = l.unit_id
      WHERE l.order_id = o.id AND l.kind = 'item' AND l.product_id IS NOT NULL
        AND l.quantity - l.cancelled > l.in_delivery + l.direct
        AND coalesce(l.planned_date, o.planned_date, '-infinity') <= %s::date
        AND NOT EXISTS (
          SELECT 1 FROM ({NEEDS.format(lines="(SELECT l.*)")}) n
           WHERE coalesce((SELECT sum(r.quantity) FROM stock_reservation r
                            WHERE r.source_id = o.id AND r.line_id = l.id AND r.product_id = n.product_id), 0)
                 < (l.in_delivery - l.shipped + power(10::numeric, -u.digits)) * l.factor * n.each))
 ORDER BY o.planned_date NULLS LAST, o.id
"""


def orders_due(*, warehouse_id: UUID, date: date) -> list[UUID]:
    """Orders of a warehouse that are due by a day and have goods for a delivery. The caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [warehouse_id, date])
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def plan_deliveries(*, warehouse_id: UUID, date: date, by: Actor, at: datetime) -> Planned:
    """Draw up the deliveries of all order lines that are due by a day, and plan them with what waits already into
    routes and pick lists: all of it or nothing. What an order promised for a later day stays for that day's plan.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not draw up deliveries, or not plan there
    :raises NothingToPlan: nothing is due
    """
    due = orders_due(warehouse_id=warehouse_id, date=date)
    # All orders are locked before the first number is drawn: who delivers one of them meanwhile waits, in no circle.
    list(SalesOrder.objects.select_for_update().filter(pk__in=due).order_by("pk").values_list("pk"))
    for order_id in due:
        try:
            deliver_order(order_id=order_id, due=date, by=by, at=at)
        except (NothingToDeliver, WrongState):  # delivered or called off before it was locked
            continue
    return plan_day(warehouse_id=warehouse_id, date=date, by=by, at=at)

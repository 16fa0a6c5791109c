from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.services.ship_delivery import ship_delivery

# The order's stocked lines with what this delivery takes of each.
_LINES = """
SELECT l.id, l.quantity - l.cancelled, l.shipped, l.needs_stock, coalesce(d.quantity, 0)
  FROM sales_salesorderline l
  LEFT JOIN (SELECT k.order_line_id, sum(k.quantity) AS quantity FROM sales_orderlinedelivery k
               JOIN stock_deliveryline v ON v.id = k.delivery_line_id WHERE v.delivery_id = %s::uuid GROUP BY 1) d
    ON d.order_line_id = l.id
 WHERE l.order_id = %s::uuid AND l.product_id IS NOT NULL AND l.kind = 'item'
"""


def order_of_delivery(delivery_id: UUID) -> SalesOrder | None:
    """The order that a delivery fulfils, locked: always before the delivery itself."""
    return (
        SalesOrder.objects.select_for_update(of=("self",))
        .select_related("branch")
        .filter(
            id__in=SalesOrderLine.objects.filter(deliveries__delivery_line__delivery_id=delivery_id).values("order_id")[
                :1
            ]
        )
        .first()
    )


@transaction.atomic
def ship_order_delivery(*, delivery_id: UUID, by: Actor, at: datetime) -> SalesOrder:
    """Let a delivery's goods leave and count them on its order. Returns the order.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not ship it
    :raises WrongState: it has shipped, or was cancelled
    """
    order = order_of_delivery(delivery_id)
    if order is None:
        raise NotFound()
    delivery, lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "ship", delivery)
    today = day_at(at=at, zone=order.branch.zone)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [delivery_id, order.id])
        rows = cursor.fetchall()

    batch = Batch()
    ship_delivery(batch=batch, delivery=delivery, lines=lines, today=today, by=by.id, at=at)
    batch.update_each(
        SalesOrderLine,
        [{"id": row[0], "shipped": row[4]} for row in rows if row[4]],
        values={"shipped": "t.shipped + v.shipped"},
    )
    done: list[tuple[Decimal, Decimal]] = [(shipped + now, wanted) for _id, wanted, shipped, _needs, now in rows]
    reached = progress(done)
    batch.update(
        SalesOrder,
        where={"id": order.id},
        values={"delivery_progress": reached, "version": Sql("t.version + 1"), "updated_at": at},
    )
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="delivery.shipped",
        subject_kind="delivery", subject_id=delivery.id, number=delivery.number, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "shipped"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    order.delivery_progress = reached
    return order

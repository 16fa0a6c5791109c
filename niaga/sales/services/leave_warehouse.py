from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.batch import Batch, Sql
from niaga.core.outbox import announce
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import OrderChanged
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress
from niaga.stock.queries.deliveries import ShippedLine
from niaga.stock.services.cut_delivery import cut_delivery
from niaga.stock.services.ship_delivery import ship_delivery

# The order's stocked lines with what this delivery takes of each. A subquery, not a join, from the link to its delivery
# line: a join may be begun at the delivery, and would read the whole of it for each line anew.
_LINES = """
SELECT l.id, l.quantity - l.cancelled, l.shipped, l.needs_stock,
       coalesce((SELECT sum(k.quantity) FROM sales_orderlinedelivery k
                  WHERE k.order_line_id = l.id AND %s::uuid = (
                        SELECT v.delivery_id FROM stock_deliveryline v WHERE v.id = k.delivery_line_id)), 0), 0::numeric
  FROM sales_salesorderline l
 WHERE l.order_id = %s::uuid AND l.product_id IS NOT NULL AND l.kind = 'item'
"""


def leave_warehouse(
    *, batch: Batch, order: SalesOrder, delivery: Any, lines: list[ShippedLine],
    quantities: Mapping[UUID, Decimal] | None, today: date, by: UUID | None, at: datetime,
) -> str:  # fmt: skip
    """Add to the batch that a locked delivery leaves and what that does to its locked order. Returns how far the
    order is delivered then. The caller has checked rights, state and credit.

    :raises NotFound, BadStockLines: see `cut_delivery`
    :raises WrongState, LotNotGood, LotsShort: see `ship_delivery`
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [delivery.id, order.id])
        rows = cursor.fetchall()
    if quantities is None:
        short = {one.id: one.picked for one in lines if one.picked is not None and one.picked < one.quantity}
        quantities = short or None
    if quantities is not None:
        lines, cut = cut_delivery(batch=batch, lines=lines, quantities=quantities)
        rows = _cut(batch, rows, cut)
    ship_delivery(
        batch=batch, delivery=delivery, lines=lines, today=today, currency=order.company.currency, by=by, at=at
    )
    batch.update_each(
        SalesOrderLine,
        [{"id": row[0], "shipped": row[4], "cut": row[5]} for row in rows if row[4] or row[5]],
        values={"shipped": "t.shipped + v.shipped", "in_delivery": "t.in_delivery - v.cut"},
    )
    done: list[tuple[Decimal, Decimal]] = [
        (shipped + now, wanted) for _id, wanted, shipped, _needs, now, _stays in rows
    ]
    reached = progress(done)
    batch.update(
        SalesOrder,
        where={"id": order.id},
        values={"delivery_progress": reached, "version": Sql("t.version + 1"), "updated_at": at},
    )
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="delivery.shipped",
        subject_kind="delivery", subject_id=delivery.id, number=delivery.number, actor_id=by, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "shipped"),
        company_id=order.company_id, by=by, at=at,
    )  # fmt: skip
    return reached


def _cut(batch: Batch, rows: list[Any], cut: Mapping[UUID, Decimal]) -> list[Any]:
    """Lessen the links of the lines that were cut; answers the order's rows with what ships now and what stays."""
    links = OrderLineDelivery.objects.filter(delivery_line_id__in=list(cut)).values_list(
        "id", "order_line_id", "delivery_line_id", "quantity"
    )
    stays: dict[UUID, Decimal] = {}
    lessened, gone = [], []
    for link_id, order_line_id, line_id, quantity in links:
        stays[order_line_id] = stays.get(order_line_id, Decimal(0)) + cut[line_id]
        if quantity > cut[line_id]:
            lessened.append({"id": link_id, "quantity": quantity - cut[line_id]})
        else:
            gone.append(link_id)
    batch.update_each(OrderLineDelivery, lessened, values={"quantity": "v.quantity"})
    if gone:
        batch.sql("unlinked", "DELETE FROM sales_orderlinedelivery WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    nought = Decimal(0)
    return [(*row[:4], row[4] - stays.get(row[0], nought), stays.get(row[0], nought)) for row in rows]

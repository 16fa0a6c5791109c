from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import OrderChanged
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_of, with_standing
from niaga.sales.rules.lines import progress
from niaga.sales.services.check_credit import check_credit
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.rules.delivery_flow import delivery_flow
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


def orders_of_delivery(delivery_id: UUID) -> QuerySet[SalesOrder]:
    """The order that a delivery fulfils, locked: always before the delivery itself."""
    lines = SalesOrderLine.objects.filter(deliveries__delivery_line__delivery_id=delivery_id)
    orders = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch", "company")
    return orders.filter(id__in=lines.values("order_id")[:1])


_ORDER = Compiled(lambda delivery_id: with_standing(orders_of_delivery(delivery_id)))


@transaction.atomic
def ship_order_delivery(
    *, delivery_id: UUID, quantities: Mapping[UUID, Decimal] | None = None, by: Actor, at: datetime
) -> SalesOrder:
    """Let a delivery's goods leave and count them on its order. Returns the order.

    Named `quantities`, by delivery line in its unit, ship just that: what stays behind is taken out of the delivery
    and may go with a later one. Where nobody names any, what was picked goes. The customer's credit is asked once
    more, since days have gone by: what is owed (this order is in it) against today's limit, and what is overdue.

    :raises NotFound: no such delivery, or a named line is not one of it
    :raises Forbidden: the person may not ship it
    :raises WrongState: it has shipped, or was cancelled
    :raises CreditOnHold, CreditOverdue, CreditExceeded: see `check_credit`
    :raises PeriodClosed: the books of today's month are closed
    :raises BadStockLines: more is named than the delivery holds, or nothing at all; each such line is answered
    """
    order: SalesOrder | None = _ORDER.one(delivery_id)
    if order is None:
        raise NotFound()
    delivery, lines = lock_delivery(delivery_id=delivery_id, picks=True)
    access_of(by).require("delivery", "ship", delivery)
    check_move(delivery_flow, "ship", delivery.status)
    today = day_at(at=at, zone=order.branch.zone)
    check_credit(standing_of(order, today=today), more=Decimal(0), total=order.total)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [delivery_id, order.id])
        rows = cursor.fetchall()

    batch = Batch()
    if quantities is None:
        short = {one.id: one.picked for one in lines if one.picked is not None and one.picked < one.quantity}
        quantities = short or None
    if quantities is not None:
        lines, cut = cut_delivery(batch=batch, lines=lines, quantities=quantities)
        rows = _cut(batch, rows, cut)
    ship_delivery(
        batch=batch, delivery=delivery, lines=lines, today=today, currency=order.company.currency, by=by.id, at=at
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
        subject_kind="delivery", subject_id=delivery.id, number=delivery.number, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "shipped"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    order.delivery_progress = reached
    return order


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

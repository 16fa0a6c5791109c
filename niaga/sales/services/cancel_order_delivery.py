from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.sales.events import OrderChanged
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.services.ship_order_delivery import orders_of_delivery
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.queries.together import lock_together
from niaga.stock.rules.delivery_flow import delivery_flow
from niaga.stock.services.cancel_delivery import cancel_delivery
from niaga.stock.services.leave_joint import leave_joint


@transaction.atomic
def cancel_order_delivery(*, delivery_id: UUID, reason: str = "", by: Actor, at: datetime) -> SalesOrder:
    """Call a delivery off before it leaves. Its goods stay reserved, and the order may be delivered anew.
    What it would have travelled with goes without it.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not cancel it
    :raises WrongState: it has left, or was cancelled
    """
    order = orders_of_delivery(delivery_id).first()
    if order is None:
        raise NotFound()
    members = lock_together(delivery_ids=[delivery_id])
    delivery, _lines = lock_delivery(delivery_id=delivery_id, picks=True)
    access_of(by).require("delivery", "cancel", delivery)
    check_move(delivery_flow, "cancel", delivery.status)
    leave_joint(members=members, leaving=[delivery.id], by=by.id, at=at)
    batch = Batch()
    cancel_delivery(batch=batch, delivery=delivery, reason=reason, by=by.id, at=at)
    links = OrderLineDelivery.objects.filter(delivery_line__delivery_id=delivery_id).order_by()
    taken = links.values("order_line_id").annotate(sum=Sum("quantity")).values_list("order_line_id", "sum")
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "in_delivery": quantity} for line_id, quantity in taken],
        values={"in_delivery": "t.in_delivery - v.in_delivery"},
    )
    batch.update(SalesOrder, where={"id": order.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "delivery_cancelled"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return order

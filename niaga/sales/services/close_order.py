from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.flow import check_move, move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.errors import NotDone
from niaga.sales.events import OrderChanged
from niaga.sales.models import OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.flows import order_flow
from niaga.sales.rules.lines import delivery_progress, invoice_progress
from niaga.sales.services.lock_order import lock_order


@transaction.atomic
def close_order(*, order_id: UUID, by: Actor, at: datetime) -> SalesOrder:
    """Lay an order aside: everything promised and not cancelled is delivered, and every invoice of it issued.

    Orders close by themselves when that is so; see `subscribers`.

    :raises NotFound: no such order
    :raises Forbidden: the person may not change it
    :raises WrongState: it is not confirmed
    :raises NotDone: something is still to be delivered or invoiced
    """
    order = lock_order(order_id=order_id, action="change", by=by)
    check_move(order_flow, "close", order.status)
    lines = list(SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False))
    if delivery_progress(lines) != "done" or invoice_progress(lines) != "done":
        raise NotDone()
    if OrderLineInvoice.objects.filter(order_line__order_id=order.id, invoice_line__invoice__status="draft").exists():
        raise NotDone()
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="order", subject_ids=[order.id], at=at)
    move(batch=batch, flow=order_flow, document=order, move="close", by=by.id, at=at)
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "closed"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return order

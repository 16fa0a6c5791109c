from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import check_move, move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.services.take_points import take_points
from niaga.pricing.services.take_promotions import take_promotions
from niaga.sales.errors import AlreadyInvoiced, AlreadyShipped, AskedSupplier
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.flows import order_flow
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.stock.services.release_stock import release_stock


@transaction.atomic
def cancel_order(*, order_id: UUID, reason: str, by: Actor, at: datetime) -> SalesOrder:
    """Take the whole promise back: the stock held for it, the customer's credit and what it used of promotions and
    points are free again.

    :raises NotFound: no such order
    :raises Forbidden: the person may not cancel it
    :raises WrongState: it is closed or cancelled
    :raises AlreadyShipped: goods have left, or a delivery is being prepared
    :raises AskedSupplier: a supplier was asked to send goods of it straight to the customer
    :raises AlreadyInvoiced: an invoice or the draft of one names it
    """
    order = lock_order(order_id=order_id, action="cancel", by=by)
    check_move(order_flow, "cancel", order.status)
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="order", subject_ids=[order.id], at=at)
    if order.status == "confirmed":
        account = lock_credit_account(order.customer_id)
        lines = SalesOrderLine.objects.filter(order_id=order.id)
        if lines.filter(in_delivery__gt=0).exists():
            shipped = lines.filter(shipped__gt=0).exists()
            raise AlreadyShipped(None if shipped else _("A delivery is being prepared. Cancel it first."))
        if lines.filter(direct__gt=0).exists():
            raise AskedSupplier()
        if lines.filter(invoiced__gt=0).exists():
            raise AlreadyInvoiced()
        take_promotions(
            batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
            wanted=(), at=at, had=bool(order.promotions),
        )  # fmt: skip
        take_points(
            batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
            wanted=0, today=day_at(at=at, zone=order.branch.zone), by=by.id, at=at, had=order.points_used > 0,
        )  # fmt: skip
        release_stock(batch=batch, source_id=order.id, at=at)
        post_exposure(
            batch=batch, account_id=account.account_id, source_kind="order", source_id=order.id,
            orders=-order.exposure, at=at,
        )  # fmt: skip
    move(
        batch=batch, flow=order_flow, document=order, move="cancel", by=by.id, at=at, note=reason,
        values={"exposure": 0},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="order.cancelled",
        subject_kind="order", subject_id=order.id, number=order.number, amount=order.total, currency=order.currency,
        text=reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "cancelled"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    promise_waiting(order=order, at=at)
    return order

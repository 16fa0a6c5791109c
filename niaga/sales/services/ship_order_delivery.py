from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import check_move
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_of, with_standing
from niaga.sales.services.check_credit import check_credit
from niaga.sales.services.leave_warehouse import leave_warehouse
from niaga.stock.errors import GoesTogether
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.rules.delivery_flow import delivery_flow


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
    :raises GoesTogether: it travels with others, and leaves with them (`ship_together`)
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
    if delivery.joint_id is not None:
        raise GoesTogether(joint_id=str(delivery.joint_id))
    today = day_at(at=at, zone=order.branch.zone)
    check_credit(standing_of(order, today=today), more=Decimal(0), total=order.total)
    batch = Batch()
    reached = leave_warehouse(
        batch=batch, order=order, delivery=delivery, lines=lines, quantities=quantities, today=today, by=by.id, at=at
    )
    batch.write()
    order.delivery_progress = reached
    return order

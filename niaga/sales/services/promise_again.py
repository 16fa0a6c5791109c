from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.stock.queries.awaited import orders_to_promise
from niaga.stock.services.await_goods import PutOff

_LATER = gettext_noop("Goods for %(number)s come later than promised")


def promise_again(*, warehouse_id: UUID | None, at: datetime) -> int:
    """Promise anew what waits for goods of which some come later, or not at all, and what has no day yet.

    Each order is a transaction of its own. First the last claims give way, then all find their day in the order in
    which they were made: so who came first is served first. The salesperson is told of each order that was put off.
    Returns how many orders were looked at.
    """
    order_ids = orders_to_promise(warehouse_id=warehouse_id, at=at)
    for order_id in [*reversed(order_ids), *order_ids]:
        _promise(order_id, at)
    return len(order_ids)


def promise_late(*, at: datetime) -> int:
    """The same for every warehouse: a receipt that did not come on its day is no longer counted on."""
    return promise_again(warehouse_id=None, at=at)


@transaction.atomic
def _promise(order_id: UUID, at: datetime) -> None:
    order = lock_order(order_id=order_id, action="change", by=SYSTEM)
    later = promise_waiting(order=order, at=at)
    if later:
        _tell(order, later, at)


def _tell(order: SalesOrder, later: Iterable[PutOff], at: datetime) -> None:
    batch = Batch()
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="put_off", by=None, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status,
        data={"lines": [
            {"line_id": str(one.line_id), "product_id": str(one.product_id), "before": str(one.before),
             "after": str(one.after or "")}
            for one in later
        ]},
    )  # fmt: skip
    if order.salesperson_id is not None:
        add_notice(
            batch=batch, to=[order.salesperson_id], text=_LATER, facts={"number": order.number},
            url=f"/orders/{order.id}", subject_kind="order", subject_id=order.id, at=at,
        )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "put_off"),
        company_id=order.company_id, by=None, at=at,
    )  # fmt: skip
    batch.write()

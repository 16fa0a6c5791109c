from datetime import datetime

from niaga.core.clock import today as day_at
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.held_parts import gaps, held_parts
from niaga.stock.services.await_goods import PutOff, await_goods


def promise_waiting(*, order: SalesOrder, at: datetime) -> list[PutOff]:
    """Promise what a locked order waits for out of what is to come; claims of what it needs no longer are given back.

    Called after what changed the order or what it holds was written, in the same transaction. Returns what was
    promised for an earlier day before.
    """
    wants = {}
    if order.status == "confirmed":
        lines = list(SalesOrderLine.objects.filter(order_id=order.id, needs_stock=True))
        wants = gaps(lines, held_parts(order_id=order.id))
    return await_goods(
        company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order", source_id=order.id,
        wants=wants, today=day_at(at=at, zone=order.branch.zone), at=at,
    )  # fmt: skip

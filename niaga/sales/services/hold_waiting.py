from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.errors import NothingWaiting
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.held_parts import held_parts
from niaga.sales.services.lock_order import lock_order
from niaga.stock.services.reserve_stock import Want, reserve_stock


@transaction.atomic
def hold_waiting(*, order_id: UUID, by: Actor, at: datetime) -> Decimal:
    """Hold stock that has come in for the lines of an order that wait for it, as far as there is some.

    Returns how many base units could be held.

    :raises NotFound: no such order
    :raises Forbidden: the person may not change it
    :raises WrongState: it is not confirmed
    :raises NothingWaiting: every line is held or delivered
    """
    order = lock_order(order_id=order_id, action="change", by=by)
    if order.status != "confirmed":
        raise WrongState()
    lines = list(
        SalesOrderLine.objects.filter(order_id=order.id, needs_stock=True).order_by("planned_date", "position")
    )
    held = held_parts(order_id=order.id)
    gaps: dict[UUID, Decimal] = {}
    for line in lines:
        base = (line.quantity - line.cancelled - line.shipped) * line.factor
        gap = base - sum((part.quantity for part in held.get(line.id, ())), Decimal(0))
        if line.product_id and gap > 0:
            gaps[line.id] = gap
    if not gaps:
        raise NothingWaiting()
    batch = Batch()
    wants = [
        Want(line.id, line.product_id, gaps[line.id], True) for line in lines if line.id in gaps and line.product_id
    ]
    answer = reserve_stock(
        batch=batch, company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order",
        source_id=order.id, wants=wants, at=at,
    )  # fmt: skip
    short = answer.shortages(batch.write())
    found = {
        line_id: gap - (short[line_id][0] - short[line_id][1] if line_id in short else Decimal(0))
        for line_id, gap in gaps.items()
    }
    total = sum(found.values(), Decimal(0))
    if total:
        note = Batch()
        note.update(SalesOrder, where={"id": order.id}, values={"updated_at": at, "version": Sql("t.version")})
        record(
            batch=note, subject_kind="order", subject_id=order.id, verb="hold_waiting", by=by.id, at=at,
            company_id=order.company_id, from_status=order.status, to_status=order.status,
            data={
                "lines": [
                    {"line": line.position, "description": line.description, "held": found[line.id] / line.factor}
                    for line in lines
                    if found.get(line.id)
                ]
            },
        )  # fmt: skip
        announce(
            batch=note, event=OrderChanged(order.id, order.number, order.customer_id, "held"),
            company_id=order.company_id, by=by.id, at=at,
        )  # fmt: skip
        note.write()
    return total

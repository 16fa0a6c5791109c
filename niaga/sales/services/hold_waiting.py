from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
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
from niaga.sales.services.held_parts import gaps, held_parts
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.promise_waiting import promise_waiting
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
    missing = gaps(lines, held_parts(order_id=order.id))
    if not missing:
        raise NothingWaiting()
    batch = Batch()
    wants = [Want(line_id, product_id, gap, True) for (line_id, product_id), gap in missing.items()]
    answer = reserve_stock(
        batch=batch, company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order",
        source_id=order.id, wants=wants, at=at,
    )  # fmt: skip
    short = answer.shortages(batch.write())
    found = {key: short[key][1] if key in short else gap for key, gap in missing.items()}
    total = sum(found.values(), Decimal(0))
    if total:
        note = Batch()
        note.update(SalesOrder, where={"id": order.id}, values={"updated_at": at, "version": Sql("t.version")})
        record(
            batch=note, subject_kind="order", subject_id=order.id, verb="hold_waiting", by=by.id, at=at,
            company_id=order.company_id, from_status=order.status, to_status=order.status,
            data={"lines": [told for line in lines for told in _told(line, found)]},
        )  # fmt: skip
        announce(
            batch=note, event=OrderChanged(order.id, order.number, order.customer_id, "held"),
            company_id=order.company_id, by=by.id, at=at,
        )  # fmt: skip
        note.write()
        promise_waiting(order=order, at=at)
    return total


def _told(line: SalesOrderLine, found: Mapping[tuple[UUID, UUID], Decimal]) -> list[dict[str, Any]]:
    """What could be held for a line, in its unit; of a bundle, of each part."""
    names = {UUID(part["product_id"]): part["name"] for part in line.parts}
    return [
        {"line": line.position, "description": names.get(product_id, line.description),
         "held": quantity if names else quantity / line.factor}
        for (line_id, product_id), quantity in found.items()
        if line_id == line.id and quantity
    ]  # fmt: skip

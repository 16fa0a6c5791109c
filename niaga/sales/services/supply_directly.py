from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import NotFromSupplier
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.ask_suppliers import ToSend, ask_suppliers
from niaga.sales.services.held_parts import held_parts, to_release
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.stock.queries.suppliers import suppliers_by_id
from niaga.stock.services.release_part import Surplus, release_part


@transaction.atomic
def supply_directly(
    *, order_id: UUID, supplier_id: UUID, quantities: Mapping[UUID, Decimal], by: Actor, at: datetime
) -> UUID:
    """Ask a supplier to send lines of a confirmed order straight to its customer: `quantities` by line, in its unit, of
    what is in no delivery yet. What stock holds for it is free again. Returns the request's id.

    :raises NotFound: no such order, supplier or line
    :raises Forbidden: the person may not deliver it
    :raises WrongState: the order is not confirmed
    :raises NotFromSupplier: nothing is named, more than is left, or a line that is no goods; each such line is answered
    """
    order = lock_order(order_id=order_id, action="view", by=by)
    access_of(by).require("delivery", "create", order)
    if order.status != "confirmed":
        raise WrongState()
    if supplier_id not in suppliers_by_id([supplier_id], company_id=order.company_id):
        raise NotFound(field="supplier_id")
    lines = list(SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False).select_related("unit"))
    asked = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    _check(lines, asked)
    for line in lines:
        line.direct += asked.get(line.id, Decimal(0))
    parts = [
        Surplus(part.reservation_id, part.product_id, part.warehouse_id, more)
        for part, more in to_release(lines, lines, held_parts(order_id=order.id))
    ]
    batch = Batch()
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "direct": quantity} for line_id, quantity in asked.items()],
        values={"direct": "t.direct + v.direct"},
    )
    batch.update(SalesOrder, where={"id": order.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
    release_part(batch=batch, parts=parts)
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="supply_directly", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status,
        data={"lines": [{"line": line.position, "description": line.description, "direct": str(asked[line.id])}
                        for line in lines if line.id in asked]},
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "supplied_directly"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    promise_waiting(order=order, at=at)
    to_send = [
        ToSend(line.id, supplier_id, line.product_id, asked[line.id], line.factor, line.planned_date)
        for line in lines
        if line.id in asked and line.product_id is not None
    ]
    return ask_suppliers(order=order, lines=to_send, by=by.id, at=at)[0]


def _check(lines: list[SalesOrderLine], asked: Mapping[UUID, Decimal]) -> None:
    known = {line.id: line for line in lines}
    if set(asked) - set(known):
        raise NotFound(field="lines")
    if not asked:
        raise NotFromSupplier(_("Say how much the supplier shall send."), field="lines")
    faults: list[dict[str, Any]] = []
    for line_id, quantity in asked.items():
        line = known[line_id]
        left = line.quantity - line.cancelled - line.in_delivery - line.direct
        digits = line.unit.digits if line.unit else 0
        fault = ""
        if not line.needs_stock or line.parts:
            fault = _("Only goods are sent straight by a supplier; of a bundle, its parts.")
        elif not 0 < quantity <= left:
            fault = _("There is not so much left to be sent.")
        elif quantity != round(quantity, digits):
            fault = _("This unit does not allow so many decimals.")
        if fault:
            faults.append({"line": line.position, "line_id": str(line_id), "message": fault, "field": f"line-{line_id}",
                           "wanted": quantity, "available": max(left, Decimal(0))})  # fmt: skip
    if faults:
        raise NotFromSupplier(lines=faults, field="lines")

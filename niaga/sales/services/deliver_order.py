from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import NothingToDeliver, OverDelivery
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.rules.parts import filled, stocked
from niaga.stock.services.draft_delivery import DeliveryItem, ItemPart, draft_delivery

# Every line with what is left of it, and what is held for it: by product, [reservation, base units]. FILTER, not WHERE:
# nearly all reservations are used up, so that the planner would read every one that is not, for each line anew.
_LINES = """
SELECT l.id, l.position, l.product_id, l.description, l.unit_id, l.factor, l.unit_cost, l.needs_stock, l.parts::text,
       l.quantity - l.cancelled - l.in_delivery - l.direct AS left_over, l.in_delivery - l.shipped AS planned, u.digits,
       l.planned_date,
       (SELECT json_object_agg(h.product_id, json_build_array(h.id, h.quantity::text)) FILTER (WHERE h.quantity > 0)
          FROM stock_reservation h WHERE h.source_id = l.order_id AND h.line_id = l.id)::text AS held
  FROM sales_salesorderline l JOIN catalog_unit u ON u.id = l.unit_id
 WHERE l.order_id = %s::uuid AND l.product_id IS NOT NULL AND l.kind = 'item'
 ORDER BY l.position
"""


class _Line(NamedTuple):
    """An order line; quantities in its unit."""

    id: UUID
    position: int
    product_id: UUID
    description: str
    unit_id: UUID
    factor: Decimal
    unit_cost: Decimal | None
    needs_stock: bool
    parts: str
    left: Decimal
    planned: Decimal
    digits: int
    day: date | None
    held: str | None


@transaction.atomic
def deliver_order(
    *,
    order_id: UUID,
    quantities: Mapping[UUID, Decimal] | None = None,
    due: date | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Draw up a delivery of a confirmed order: all that is held and not yet in a delivery, or the named quantities;
    with `due` only lines whose day (their own, else the order's) has come by then.

    Returns the delivery's id. Quantities are in the lines' units, by order line. It is planned for the first of its
    lines' days.

    :raises NotFound: no such order, or a named line is not one of it
    :raises Forbidden: the person may not deliver it
    :raises WrongState: the order is not confirmed
    :raises NothingToDeliver: nothing is left that is held
    :raises OverDelivery: more is named than is left or held; each such line is answered
    """
    order = (
        SalesOrder.objects.select_for_update(of=("self",))
        .select_related("branch", "company")
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise NotFound()
    access_of(by).require("delivery", "create", order)
    if order.status != "confirmed":
        raise WrongState()
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [order.id])
        rows = [_Line(*row) for row in cursor.fetchall()]
    if due is not None:
        rows = [line for line in rows if (day := line.day or order.planned_date) is None or day <= due]
    items, taken = _items(rows, quantities)
    if not items:
        raise NothingToDeliver()
    days = [day for line in rows if line.id in taken and (day := line.day or order.planned_date) is not None]

    today = day_at(at=at, zone=order.branch.zone)
    batch = Batch()
    delivery_id, _number = draft_delivery(
        batch=batch, company_id=order.company_id, company_code=order.company.code, branch_id=order.branch_id,
        warehouse_id=order.warehouse_id, customer_id=order.customer_id, salesperson_id=order.salesperson_id,
        source_kind="order", source_number=order.number, address=order.delivery_address,
        planned_date=min(days, default=None), items=[item for item, _line in items], today=today, by=by.id, at=at,
    )  # fmt: skip
    batch.insert(
        OrderLineDelivery,
        [
            {"id": new_id(), "order_line_id": line_id, "delivery_line_id": item.id, "quantity": item.quantity}
            for item, line_id in items
        ],
    )
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "in_delivery": quantity} for line_id, quantity in taken.items()],
        values={"in_delivery": "t.in_delivery + v.in_delivery"},
    )
    batch.write()
    return delivery_id


def _items(
    lines: list[_Line], quantities: Mapping[UUID, Decimal] | None
) -> tuple[list[tuple[DeliveryItem, UUID]], dict[UUID, Decimal]]:
    """The delivery's lines with their order lines, and how much of each order line they take."""
    if quantities is not None and set(quantities) - {line.id for line in lines}:
        raise NotFound(field="lines")
    items: list[tuple[DeliveryItem, UUID]] = []
    taken: dict[UUID, Decimal] = {}
    for line in lines:
        parts = orjson.loads(line.parts)
        each = stocked(line.product_id, line.needs_stock, parts)
        found = orjson.loads(line.held) if line.held else {}
        held = {UUID(key): (UUID(row[0]), Decimal(row[1])) for key, row in found.items()}
        room = line.left
        if quantities is not None:
            room = min(room, quantities.get(line.id, Decimal(0)))
        if line.needs_stock:
            free = {one: base - line.planned * line.factor * each.get(one, 0) for one, (_id, base) in held.items()}
            room = min(room, filled(each, free, line.factor, line.digits))
        if room <= 0:
            continue
        taken[line.id] = room
        reservations = {one: reservation_id for one, (reservation_id, _base) in held.items()}
        item = DeliveryItem(
            id=new_id(), product_id=line.product_id, description=line.description, quantity=room,
            unit_id=line.unit_id, factor=line.factor, unit_cost=line.unit_cost,
            reservation_id=reservations[line.product_id] if line.needs_stock and not parts else None,
            parts=tuple(_part(part, reservations) for part in parts),
        )  # fmt: skip
        items.append((item, line.id))
    over = [
        {"line": line.position, "line_id": str(line.id), "wanted": quantities[line.id],
         "available": taken.get(line.id, Decimal(0))}
        for line in lines
        if quantities is not None and quantities.get(line.id, Decimal(0)) > taken.get(line.id, Decimal(0))
    ]  # fmt: skip
    if over:
        raise OverDelivery(lines=over)
    return items, taken


def _part(part: Mapping[str, Any], reservations: Mapping[UUID, UUID]) -> ItemPart:
    product_id = UUID(part["product_id"])
    cost = None if part["cost"] is None else Decimal(part["cost"])
    return ItemPart(
        product_id, reservations[product_id] if part["is_stocked"] else None, Decimal(part["quantity"]), cost
    )

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import NothingToDeliver, OverDelivery
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.stock.services.draft_delivery import DeliveryItem, draft_delivery

# Every line with what is left and what is held for it; a line may be held by several reservations.
_LINES = """
SELECT l.id, l.position, l.product_id, l.description, l.unit_id, l.factor, l.unit_cost, l.needs_stock,
       l.quantity - l.cancelled - l.in_delivery AS left_over, u.digits, h.id,
       h.quantity - coalesce((SELECT sum(d.quantity * d.factor) FROM stock_deliveryline d
                                JOIN stock_delivery v ON v.id = d.delivery_id
                               WHERE d.reservation_id = h.id AND v.status IN ('draft', 'picking')), 0) AS held
  FROM sales_salesorderline l
  JOIN catalog_unit u ON u.id = l.unit_id
  LEFT JOIN stock_reservation h ON h.line_id = l.id AND h.source_id = l.order_id AND h.quantity > 0
 WHERE l.order_id = %s::uuid AND l.product_id IS NOT NULL AND l.kind = 'item'
 ORDER BY l.position, h.id
"""


@transaction.atomic
def deliver_order(*, order_id: UUID, quantities: Mapping[UUID, Decimal] | None = None, by: Actor, at: datetime) -> UUID:
    """Draw up a delivery of a confirmed order: all that is held and not yet in a delivery, or the named quantities.

    Returns the delivery's id. Quantities are in the lines' units, by order line.

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
        rows = cursor.fetchall()
    items, taken = _items(rows, quantities)
    if not items:
        raise NothingToDeliver()

    today = day_at(at=at, zone=order.branch.zone)
    batch = Batch()
    delivery_id, _number = draft_delivery(
        batch=batch, company_id=order.company_id, company_code=order.company.code, branch_id=order.branch_id,
        warehouse_id=order.warehouse_id, customer_id=order.customer_id, salesperson_id=order.salesperson_id,
        source_kind="order", source_number=order.number, address=order.delivery_address,
        planned_date=order.planned_date, items=[item for item, _line in items], today=today, by=by.id, at=at,
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


def whole_units(base: Decimal, factor: Decimal, digits: int) -> Decimal:
    """How many units of `factor` base units that quantity fills: rounded down, for a box is shipped full."""
    return (base / factor).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)


def _items(
    rows: list[Any], quantities: Mapping[UUID, Decimal] | None
) -> tuple[list[tuple[DeliveryItem, UUID]], dict[UUID, Decimal]]:
    """The delivery's lines with their order lines, and how much of each order line they take."""
    wanted = dict(quantities) if quantities is not None else None
    if wanted is not None:
        unknown = set(wanted) - {row[0] for row in rows}
        if unknown:
            raise NotFound(field="lines")
    items: list[tuple[DeliveryItem, UUID]] = []
    taken: dict[UUID, Decimal] = {}
    places: dict[UUID, int] = {}
    for (
        line_id,
        place,
        product_id,
        text,
        unit_id,
        factor,
        cost,
        needs_stock,
        left,
        digits,
        reservation_id,
        held,
    ) in rows:
        places[line_id] = place
        room = left - taken.get(line_id, Decimal(0))
        if wanted is not None:
            room = min(room, wanted.get(line_id, Decimal(0)) - taken.get(line_id, Decimal(0)))
        if needs_stock:
            room = min(room, whole_units(held, factor, digits) if held is not None else Decimal(0))
        if room <= 0:
            continue
        item = DeliveryItem(
            id=new_id(), product_id=product_id, reservation_id=reservation_id if needs_stock else None,
            description=text, quantity=room, unit_id=unit_id, factor=factor, unit_cost=cost,
        )  # fmt: skip
        items.append((item, line_id))
        taken[line_id] = taken.get(line_id, Decimal(0)) + room
    if wanted is not None:
        over = [
            {
                "line": places[line_id],
                "line_id": str(line_id),
                "wanted": want,
                "available": taken.get(line_id, Decimal(0)),
            }
            for line_id, want in wanted.items()
            if want > taken.get(line_id, Decimal(0))
        ]
        if over:
            raise OverDelivery(lines=over)
    return items, taken

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.stock.errors import StockGone
from niaga.stock.events import DeliveryShipped
from niaga.stock.models import Delivery, Reservation
from niaga.stock.queries.deliveries import ShippedLine
from niaga.stock.rules.delivery_flow import delivery_flow
from niaga.stock.services.move_stock import Movement, move_stock


def ship_delivery(
    *, batch: Batch, delivery: Delivery, lines: Sequence[ShippedLine], today: date, by: UUID | None, at: datetime
) -> None:
    """Let a locked delivery's goods leave: level, reservation, moves and state, all added to the batch.

    :raises WrongState: it has shipped, or was cancelled
    :raises StockGone: when the batch is written, what was held is gone
    """
    move(
        batch=batch, flow=delivery_flow, document=delivery, move="ship", by=by, at=at,
        values={"shipped_at": at, "shipped_date": today},
    )  # fmt: skip
    held: dict[UUID, Decimal] = {}
    movements = []
    for line in lines:
        base = line.quantity * line.factor
        if line.reservation_id is not None:
            held[line.reservation_id] = held.get(line.reservation_id, Decimal(0)) + base
        movements.append(
            Movement(
                product_id=line.product_id, quantity=-base, unit_cost=line.unit_cost,
                from_reserved=base if line.reservation_id is not None else Decimal(0),
            )
        )  # fmt: skip
    batch.update_each(
        Reservation,
        [{"id": reservation_id, "used": base} for reservation_id, base in held.items()],
        values={"quantity": "t.quantity - v.used"},
        refusal=StockGone,
    )
    move_stock(
        batch=batch, company_id=delivery.company_id, warehouse_id=delivery.warehouse_id, reason="shipment",
        source_kind="delivery", source_id=delivery.id, movements=movements, by=by, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=DeliveryShipped(delivery.id, delivery.number, delivery.customer_id),
        company_id=delivery.company_id, by=by, at=at,
    )  # fmt: skip

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
from niaga.stock.services.close_picks import close_picks
from niaga.stock.services.leaving_lots import leaving_lots
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.value_moves import Movement


def ship_delivery(
    *,
    batch: Batch,
    delivery: Delivery,
    lines: Sequence[ShippedLine],
    today: date,
    currency: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Let a locked delivery's goods leave: level, reservation, moves, entry and state, all added to the batch.

    Of a bundle its parts leave; a service leaves nothing. The moves freeze what the goods cost, at their average of
    this moment in `currency`, the company's own. Goods that are kept by lot leave by lot, the first to expire first.

    :raises WrongState: it has shipped, or was cancelled
    :raises LotNotGood, LotsShort: see `leaving_lots`
    :raises StockGone: when the batch is written, what was held is gone
    :raises PeriodClosed: when the batch is written, the books of today's month are closed
    """
    lots = leaving_lots(delivery=delivery, lines=lines, today=today)
    move(
        batch=batch, flow=delivery_flow, document=delivery, move="ship", by=by, at=at,
        values={"shipped_at": at, "shipped_date": today},
    )  # fmt: skip
    close_picks(batch=batch, delivery_id=delivery.id, at=at)
    held: dict[UUID, Decimal] = {}
    movements: list[Movement] = []
    for line in lines:
        for goods in line.goods:
            held[goods.reservation_id] = held.get(goods.reservation_id, Decimal(0)) + goods.base
            movements += [
                Movement(goods.product_id, -base, None, base, line.id, lot_id)
                for lot_id, base in lots.get((line.id, goods.product_id), [(None, goods.base)])
            ]
    batch.update_each(
        Reservation,
        [{"id": reservation_id, "used": base} for reservation_id, base in held.items()],
        values={"quantity": "t.quantity - v.used"},
        refusal=StockGone,
    )
    move_stock(
        batch=batch, company_id=delivery.company_id, warehouse_id=delivery.warehouse_id, reason="shipment",
        source_kind="delivery", source_id=delivery.id, movements=movements, by=by, at=at,
        booking=Booking(delivery.branch_id, today, delivery.number, currency),
    )  # fmt: skip
    announce(
        batch=batch, event=DeliveryShipped(delivery.id, delivery.number, delivery.customer_id),
        company_id=delivery.company_id, by=by, at=at,
    )  # fmt: skip

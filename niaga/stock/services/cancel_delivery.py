from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.stock.events import DeliveryCancelled
from niaga.stock.models import Delivery
from niaga.stock.rules.delivery_flow import delivery_flow
from niaga.stock.services.close_picks import close_picks


def cancel_delivery(*, batch: Batch, delivery: Delivery, reason: str = "", by: UUID | None, at: datetime) -> None:
    """Add the cancelling of a locked delivery to the batch. Its goods stay reserved for their order.

    :raises WrongState: it has left, or was cancelled
    """
    move(batch=batch, flow=delivery_flow, document=delivery, move="cancel", by=by, at=at, note=reason)
    close_picks(batch=batch, delivery_id=delivery.id, at=at)
    batch.sql("stop", "DELETE FROM stock_routestop WHERE delivery_id = %s::uuid RETURNING 1", [delivery.id])
    announce(
        batch=batch, event=DeliveryCancelled(delivery.id, delivery.number, delivery.customer_id),
        company_id=delivery.company_id, by=by, at=at,
    )  # fmt: skip

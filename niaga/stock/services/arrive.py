from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.parties.services.write_timeline import write_timeline
from niaga.stock.events import DeliveryDelivered
from niaga.stock.models import Delivery, ProofOfDelivery
from niaga.stock.rules.delivery_flow import delivery_flow


def arrive(
    *, batch: Batch, delivery: Delivery, received_by: str, photo_id: UUID | None, note: str, arrived_at: datetime,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Add to the batch that a locked delivery is with its customer, with what proves it. The caller has checked rights
    and that the photo is the delivery's own.

    :raises WrongState: it has not left, or arrived already
    """
    move(
        batch=batch, flow=delivery_flow, document=delivery, move="deliver", by=by, at=at,
        data={"received_by": received_by.strip()[:120]},
    )  # fmt: skip
    batch.insert(
        ProofOfDelivery,
        [
            {
                "delivery_id": delivery.id, "received_by": received_by.strip()[:120], "photo_id": photo_id,
                "note": note.strip(), "at": min(arrived_at, at), "by": by,
            }
        ],
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=delivery.customer_id, company_id=delivery.company_id, kind="delivery.delivered",
        subject_kind="delivery", subject_id=delivery.id, number=delivery.number, actor_id=by, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=DeliveryDelivered(delivery.id, delivery.number, delivery.customer_id),
        company_id=delivery.company_id, by=by, at=at,
    )  # fmt: skip

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.documents.queries.attachments import attachments_of
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.stock.events import DeliveryDelivered
from niaga.stock.models import Delivery, ProofOfDelivery
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.queries.driving import require_at_door
from niaga.stock.rules.delivery_flow import delivery_flow


@transaction.atomic
def deliver_goods(
    *,
    delivery_id: UUID,
    received_by: str,
    photo_id: UUID | None = None,
    note: str = "",
    arrived_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Delivery:
    """Record that the customer has the goods: who took them, with a photo (an attachment of the delivery) or none.

    `arrived_at` is when it happened, where that is told later: by a phone that had no connection.

    :raises NotFound: no such delivery, or the photo is not one of it
    :raises Forbidden, NotYourStop: the person may not record it, nor drives it
    :raises WrongState: it has not left, or arrived already
    :raises Invalid: nobody is named
    """
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    require_at_door(delivery=delivery, by=by)
    if not received_by.strip():
        raise Invalid(_("Say who took the goods."), field="received_by")
    if photo_id is not None:
        files = attachments_of(kind="delivery", ids=[delivery_id], purpose="photo").get(delivery_id, [])
        if photo_id not in {file.id for file in files}:
            raise NotFound(field="photo_id")
    batch = Batch()
    move(
        batch=batch, flow=delivery_flow, document=delivery, move="deliver", by=by.id, at=at,
        data={"received_by": received_by.strip()[:120]},
    )  # fmt: skip
    batch.insert(
        ProofOfDelivery,
        [
            {
                "delivery_id": delivery.id, "received_by": received_by.strip()[:120], "photo_id": photo_id,
                "note": note.strip(), "at": min(arrived_at or at, at), "by": by.id,
            }
        ],
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=delivery.customer_id, company_id=delivery.company_id, kind="delivery.delivered",
        subject_kind="delivery", subject_id=delivery.id, number=delivery.number, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=DeliveryDelivered(delivery.id, delivery.number, delivery.customer_id),
        company_id=delivery.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return delivery

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import BadVisit
from niaga.shipping.events import DoorReported
from niaga.shipping.models import DeliveryVisit, DoorReport
from niaga.shipping.rules.visit import Visit, without_pictures
from niaga.shipping.services.keep_pictures import keep_pictures
from niaga.stock.queries.deliveries import lock_delivery


@transaction.atomic
def hand_in_report(*, delivery_id: UUID, visit: Visit, code: str, words: str, by: Actor, at: datetime) -> UUID:
    """Keep for the office what a phone told of a door and was refused: nobody's work is lost.

    A driver may hand in what was theirs and is another's now, or was called off meanwhile. Handed in twice, it is
    there once; what did become a visit is not handed in any more. Returns the visit's key.

    :raises NotFound: no such delivery where the person works
    :raises Forbidden: the person may neither drive nor record deliveries
    :raises BadVisit: the key is of another delivery
    :raises NotAnImage, FileTooLarge: a photo or the signature is no picture
    """
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    access = access_of(by)
    if delivery.company_id not in access.company_ids:
        raise NotFound()
    if not access.reaches("delivery", "deliver", delivery):
        access.require("delivery", "drive", company_id=delivery.company_id)
    for held in (DeliveryVisit, DoorReport):
        known = held.objects.filter(pk=visit.key).first()
        if known is not None and known.delivery_id != delivery.id:
            raise BadVisit(field="key")
        if known is not None:
            return visit.key
    code, words = (text.replace("\x00", "") for text in (code, words))
    photos, signature_id = keep_pictures(delivery=delivery, visit=visit, by=by, at=at)
    batch = Batch()
    batch.insert(
        DoorReport,
        [
            {
                "id": visit.key, "company_id": delivery.company_id, "delivery_id": delivery.id,
                "told": without_pictures(visit), "photo_ids": [str(one) for one in photos],
                "signature_id": signature_id, "code": code[:40], "words": words[:300], "at": min(visit.at, at),
                "received_at": at, "by": by.id,
            }
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="report", by=by.id, at=at,
        company_id=delivery.company_id, note=words[:300], data={"code": code[:40]},
    )  # fmt: skip
    told_of = DoorReported(delivery.id, visit.key)
    announce(batch=batch, event=told_of, company_id=delivery.company_id, by=by.id, at=at)
    batch.write()
    return visit.key

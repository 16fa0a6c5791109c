from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.documents.queries.attachments import attachments_of
from niaga.documents.services.copy_attachments import copy_attachments
from niaga.organization.access import Actor
from niaga.stock.models import Delivery
from niaga.stock.queries.driving import require_at_door
from niaga.stock.queries.together import lock_together
from niaga.stock.services.arrive import arrive


@transaction.atomic
def deliver_goods(
    *,
    delivery_id: UUID,
    received_by: str,
    photo_id: UUID | None = None,
    note: str = "",
    arrived_at: datetime | None = None,
    apart: Collection[UUID] = (),
    by: Actor,
    at: datetime,
) -> Delivery:
    """Record that the customer has the goods: who took them, with a photo (an attachment of the delivery) or none. What
    travelled with it and is still on its way arrives by the same proof, but for what is in parcels `apart`.

    `arrived_at` is when it happened, where that is told later: by a phone that had no connection.

    :raises NotFound: no such delivery, or the photo is not one of it
    :raises Forbidden, NotYourStop: the person may not record it, nor drives it
    :raises WrongState: it has not left, or arrived already
    :raises Invalid: nobody is named
    """
    members = lock_together(delivery_ids=[delivery_id])
    delivery = next(one for one in members if one.id == delivery_id)
    require_at_door(delivery=delivery, by=by)
    if not received_by.strip():
        raise Invalid(_("Say who took the goods."), field="received_by")
    if delivery.status != "shipped":
        raise WrongState()
    if photo_id is not None:
        files = attachments_of(kind="delivery", ids=[delivery_id], purpose="photo").get(delivery_id, [])
        if photo_id not in {file.id for file in files}:
            raise NotFound(field="photo_id")
    here = [one for one in members if one.status == "shipped" and one.id not in apart]
    others = [one.id for one in here if one.id != delivery_id]
    batch = Batch()
    photos = copy_attachments(
        batch=batch, attachment_ids=[photo_id] if photo_id else [], subject_ids=others, by=by.id, at=at
    )
    for one in here:
        own = photo_id if one.id == delivery_id or photo_id is None else photos[one.id].get(photo_id)
        arrive(
            batch=batch, delivery=one, received_by=received_by, photo_id=own, note=note, arrived_at=arrived_at or at,
            by=by.id, at=at,
        )  # fmt: skip
    batch.write()
    return delivery

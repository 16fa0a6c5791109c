from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.documents.services.create_link import create_link, link_url
from niaga.organization.access import Actor, access_of
from niaga.shipping.services.mail_tracking import KEPT_OPEN
from niaga.stock.queries.deliveries import get_delivery


@transaction.atomic
def share_tracking(*, delivery_id: UUID, by: Actor, at: datetime) -> str:
    """Make a link to a delivery's tracking page, to be handed over by WhatsApp or otherwise. Its address, once.

    :raises NotFound: no such delivery, or not visible to `by`
    :raises Forbidden: the person may not send it
    :raises WrongState: it was cancelled
    """
    delivery = get_delivery(delivery_id=delivery_id, by=by)
    access_of(by).require("delivery", "send", delivery)
    if delivery.status == "cancelled":
        raise WrongState()
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, company_id=delivery.company_id, by=by.id, at=at,
        expires_at=at + KEPT_OPEN, purpose="track",
    )  # fmt: skip
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="share", by=by.id, at=at,
        company_id=delivery.company_id,
    )  # fmt: skip
    batch.write()
    return link_url(token)

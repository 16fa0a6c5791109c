from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.queries.messages import whatsapp_for_change
from niaga.messaging.rules.dispatch import WHATSAPP_FLOW
from niaga.organization.access import Actor


@transaction.atomic
def settle_whatsapp(*, message_id: UUID, by: Actor, at: datetime) -> WhatsappMessage:
    """Say that an uncertain message did arrive: the customer was asked.

    :raises NotFound: no such message, or not for this person
    :raises Forbidden: the person may not send messages
    :raises WrongState: it is not uncertain
    """
    message = whatsapp_for_change(message_id=message_id, by=by, action="send")
    before = message.status
    message.status = check_move(WHATSAPP_FLOW, "settle", before)
    batch = Batch()
    batch.update(
        WhatsappMessage, where={"id": message.id, "status": before},
        values={"status": message.status, "sent_at": message.started_at, "sealed": ""}, refusal=WrongState,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="whatsapp", subject_id=message.id, verb="settle", by=by.id, at=at,
        company_id=message.company_id, from_status=before, to_status=message.status,
    )  # fmt: skip
    batch.write()
    return message

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.messaging.events import WhatsappQueued
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.queries.messages import whatsapp_for_change
from niaga.messaging.rules.dispatch import WHATSAPP_FLOW
from niaga.messaging.services.seal_values import is_gone
from niaga.organization.access import Actor


class LinkGone(WrongState):
    code = "link_gone"
    text = _("The link in this message has ended. Send a new one from where this came from.")


@transaction.atomic
def retry_whatsapp(*, message_id: UUID, by: Actor, at: datetime) -> WhatsappMessage:
    """Send a failed, kept or uncertain message again, because a person wants it. Its count of attempts starts anew.

    :raises NotFound: no such message, or not for this person
    :raises Forbidden: the person may not send messages
    :raises WrongState: it is sent already, or on its way
    :raises LinkGone: it bore a link that has ended
    """
    message = whatsapp_for_change(message_id=message_id, by=by, action="send")
    before = message.status
    message.status = check_move(WHATSAPP_FLOW, "retry", before)
    if is_gone(message, at=at):
        raise LinkGone()
    batch = Batch()
    batch.update(
        WhatsappMessage,
        where={"id": message.id, "status": before},
        values={"status": message.status, "attempts": 0, "reason": "", "error": "", "next_attempt_at": None},
        refusal=WrongState,
    )
    record(
        batch=batch, subject_kind="whatsapp", subject_id=message.id, verb="retry", by=by.id, at=at,
        company_id=message.company_id, from_status=before, to_status=message.status,
    )  # fmt: skip
    announce(batch=batch, event=WhatsappQueued(message.id), company_id=message.company_id, by=by.id, at=at)
    batch.write()
    return message

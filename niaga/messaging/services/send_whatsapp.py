from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.rules.attempts import next_attempt
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.queries.whatsapp_settings import line_of
from niaga.messaging.rules.dispatch import WHATSAPP_FLOW, WhatsappStatus
from niaga.messaging.rules.whatsapp_call import message_body
from niaga.messaging.services.hand_over import Answer, Outcome
from niaga.messaging.services.hand_over_whatsapp import hand_over_whatsapp
from niaga.messaging.services.seal_values import open_values
from niaga.messaging.services.tell_of_whatsapp import tell_of_whatsapp

_MOVES = {
    Outcome.ACCEPTED: "accept",
    Outcome.NEVER: "fail",
    Outcome.LATER: "postpone",
    Outcome.UNKNOWN: "doubt",
}


def send_whatsapp(*, message_id: UUID, clock: Callable[[], datetime]) -> str:
    """Send a waiting message: note that it is on its way, hand it over, note the answer. Returns its status.

    Called by jobs only, outside any transaction: between the two commits nothing is locked, and a worker that dies
    there leaves the message `sending`, which `settle_lost_whatsapp` turns into `uncertain`. A message that another
    worker has taken, or that is not waiting, is left alone.
    """
    message = _begin(message_id, clock())
    if message is None:
        return ""
    if message.status == WhatsappStatus.KEPT:
        return message.status
    line = line_of(message.company_id)
    if line is None:  # the settings were emptied since
        return _settle(message, Answer(Outcome.NEVER, "wa_no_line"), "", clock())
    values = open_values(message, at=clock())
    if values is None:
        return _settle(message, Answer(Outcome.NEVER, "wa_link_gone"), "", clock())
    body = message_body(
        key=str(message.id), to=message.to, template=message.template, language=message.language, values=values
    )
    answer, provider_id = hand_over_whatsapp(line=line, body=body)
    return _settle(message, answer, provider_id, clock())


@transaction.atomic
def _begin(message_id: UUID, at: datetime) -> WhatsappMessage | None:
    waiting = WhatsappMessage.objects.select_for_update(skip_locked=True).filter(status=WhatsappStatus.QUEUED)
    message = waiting.filter(pk=message_id).first()
    if message is None:
        return None
    if line_of(message.company_id) is None:
        message.status = check_move(WHATSAPP_FLOW, "keep", message.status)
        message.next_attempt_at = None
        message.save(update_fields=["status", "next_attempt_at"])
        batch = Batch()
        tell_of_whatsapp(batch=batch, message=message, status=message.status, at=at)
        batch.write()
        return message
    message.status = check_move(WHATSAPP_FLOW, "begin", message.status)
    message.attempts += 1
    message.started_at = at
    message.save(update_fields=["status", "attempts", "started_at"])
    return message


@transaction.atomic
def _settle(message: WhatsappMessage, answer: Answer, provider_id: str, at: datetime) -> str:
    move = _MOVES[answer.outcome]
    again = next_attempt(message.attempts, at) if move == "postpone" else None
    if move == "postpone" and again is None:
        move = "fail"
    status = check_move(WHATSAPP_FLOW, move, WhatsappStatus.SENDING)
    held = WhatsappMessage.objects.select_for_update().get(pk=message.pk)
    if provider_id and not held.provider_id:
        held.provider_id = provider_id
        held.sent_at = held.sent_at or at
        held.save(update_fields=["provider_id", "sent_at"])
    # WhatsApp may have told what became of it before its answer came, and a worker taken for dead may come back.
    if held.status != WhatsappStatus.SENDING or held.started_at != message.started_at:
        return held.status
    held.status, held.reason, held.error, held.next_attempt_at = status, answer.reason, answer.error, again
    if status == WhatsappStatus.SENT:
        held.sealed = ""  # nobody needs the secret any more
    held.save(update_fields=["status", "reason", "error", "next_attempt_at", "sealed"])
    if status != WhatsappStatus.QUEUED:
        batch = Batch()
        tell_of_whatsapp(batch=batch, message=held, status=status, at=at)
        batch.write()
    return status

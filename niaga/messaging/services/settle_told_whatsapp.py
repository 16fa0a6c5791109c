from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Q

from niaga.core.batch import Batch
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.rules.dispatch import TOLD, WhatsappStatus
from niaga.messaging.rules.whatsapp_call import Told, statuses_of
from niaga.messaging.services.hand_over_whatsapp import reason_of
from niaga.messaging.services.tell_of_whatsapp import tell_of_whatsapp


@transaction.atomic
def settle_told_whatsapp(body: bytes, company_id: UUID | None, at: datetime) -> None:
    """Take what WhatsApp tells of messages: the handler of its calls.

    Told twice it changes nothing, and out of order each word only adds. Messages of other systems on the same number
    are passed over.

    :raises ValueError: the body is no JSON
    """
    call = orjson.loads(body)
    if company_id is None:
        return
    told = [one for one in statuses_of(call) if one.status in TOLD]
    keys = {key for one in told if (key := _key(one)) is not None}
    rows = WhatsappMessage.objects.select_for_update().filter(
        Q(pk__in=keys) | Q(provider_id__in={one.provider_id for one in told} - {""}), company_id=company_id
    )
    held = list(rows.order_by("pk")) if told else []
    by_key, by_provider = {row.pk: row for row in held}, {row.provider_id: row for row in held if row.provider_id}
    batch = Batch()
    for one in told:
        key = _key(one)
        row = (by_key.get(key) if key else None) or by_provider.get(one.provider_id)
        if row is not None and _take(row, one, at):
            tell_of_whatsapp(batch=batch, message=row, status=row.status, at=at)
    for row in held:
        row.save()
    batch.write()


def _key(told: Told) -> UUID | None:
    try:
        return UUID(told.key)
    except ValueError:
        return None


def _take(row: WhatsappMessage, told: Told, at: datetime) -> bool:
    """Whether its state became another."""
    when = min(told.at or at, at)
    row.provider_id = row.provider_id or told.provider_id
    if told.status in ("sent", "delivered", "read"):
        row.sent_at = row.sent_at or when
    if told.status in ("delivered", "read"):
        row.delivered_at = row.delivered_at or when
    if told.status == "read":
        row.read_at = row.read_at or when
    before, after = TOLD[told.status]
    if row.status not in before:
        return False
    row.status, row.next_attempt_at = after, None
    failed = after == WhatsappStatus.FAILED
    if not failed:
        row.sealed = ""
    row.reason, row.error = (reason_of(told.code), told.error) if failed else ("", "")
    return True

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.messaging.events import WhatsappQueued
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.rules.whatsapp import clean_value, filled
from niaga.messaging.services.seal_values import seal_values

HIDDEN = "•••"
"""What stands in the place of a secret wherever a message is read."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One of a message's values that nobody here may read: a link that signs in, and until when it works."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class WhatsappToSend:
    """A template message: `template` and `language` as approved with their `text`; `values` stand in its places.
    `secret` is the one of them that is hidden."""

    to: str
    template: str
    language: str
    text: str
    values: Sequence[str] = ()
    subject_kind: str = ""
    subject_id: UUID | None = None
    secret: Secret | None = None


def queue_whatsapp(
    *, batch: Batch, company_id: UUID, messages: Sequence[WhatsappToSend], by: UUID | None, at: datetime
) -> list[UUID]:
    """Add WhatsApp messages to the caller's batch, however many by two statements' parts; a job sends each after the
    commit. Returns their ids in order: each is the key under which the message is known at WhatsApp too.

    The caller has checked the right, and that the customer has not refused WhatsApp.
    """
    rows = []
    for message in messages:
        values = [clean_value(value) for value in message.values]
        sealed = seal_values(values) if message.secret else ""
        if message.secret:
            values = [value.replace(message.secret.text, HIDDEN) for value in values]
        rows.append(
            {
                "id": new_id(), "to": message.to, "template": message.template, "language": message.language,
                "values": values, "text": filled(message.text, values), "subject_kind": message.subject_kind,
                "subject_id": message.subject_id, "secret": message.secret is not None, "sealed": sealed,
                "secret_until": message.secret.until if message.secret else None,
            }
        )  # fmt: skip
    batch.insert(WhatsappMessage, rows, company_id=company_id, created_by=by, created_at=at)
    ids: list[UUID] = [row["id"] for row in rows]  # type: ignore[misc]
    announce(batch=batch, event=[WhatsappQueued(key) for key in ids], company_id=company_id, by=by, at=at)
    return ids

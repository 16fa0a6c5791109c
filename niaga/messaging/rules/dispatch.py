"""What may become of a mail or a WhatsApp message. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class EmailStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    """No SMTP server is set: shown in the mailbox only."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """Died between hand-over and answer: never sent again by itself, settled by a person."""


S = EmailStatus
EMAIL_FLOW: Flow[EmailStatus] = Flow(
    kind="email",
    moves={
        "begin": Move({S.QUEUED}, S.SENDING),
        "keep": Move({S.QUEUED}, S.KEPT),
        "accept": Move({S.SENDING}, S.SENT),
        "postpone": Move({S.SENDING}, S.QUEUED),
        "fail": Move({S.SENDING}, S.FAILED),
        "doubt": Move({S.SENDING}, S.UNCERTAIN),
        "settle": Move({S.UNCERTAIN}, S.SENT),
        "retry": Move({S.FAILED, S.UNCERTAIN, S.KEPT}, S.QUEUED),
        "cancel": Move({S.QUEUED}, S.FAILED),
    },
)

GIVEN_UP_AFTER = timedelta(minutes=10)
"""A message that has been on its way so long lost its worker: every hand-over has ended by then."""


class WhatsappStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    """Handed over: the provider has it."""
    DELIVERED = "delivered"
    READ = "read"
    KEPT = "kept"
    """WhatsApp is not set up: shown among the messages only."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """Died between hand-over and answer: never sent again by itself, settled by the provider's word or a person."""


W = WhatsappStatus
WHATSAPP_FLOW: Flow[WhatsappStatus] = Flow(
    kind="whatsapp",
    moves={
        "begin": Move({W.QUEUED}, W.SENDING),
        "keep": Move({W.QUEUED}, W.KEPT),
        "accept": Move({W.SENDING}, W.SENT),
        "postpone": Move({W.SENDING}, W.QUEUED),
        "fail": Move({W.SENDING}, W.FAILED),
        "doubt": Move({W.SENDING}, W.UNCERTAIN),
        "settle": Move({W.UNCERTAIN}, W.SENT),
        "retry": Move({W.FAILED, W.UNCERTAIN, W.KEPT}, W.QUEUED),
    },
)
TOLD: dict[str, tuple[frozenset[WhatsappStatus], WhatsappStatus]] = {
    "sent": (frozenset({W.UNCERTAIN}), W.SENT),
    "delivered": (frozenset({W.QUEUED, W.SENDING, W.SENT, W.UNCERTAIN, W.FAILED}), W.DELIVERED),
    "read": (frozenset({W.QUEUED, W.SENDING, W.SENT, W.UNCERTAIN, W.FAILED, W.DELIVERED}), W.READ),
    "failed": (frozenset({W.SENDING, W.SENT, W.UNCERTAIN}), W.FAILED),
}
"""What the provider tells -> from which states it moves a message where. Its words come twice and out of order, so
each only adds: `sent` after `delivered` changes nothing. What was delivered is never sent again, although a person
asked for that meanwhile. `sent` while we still wait for the answer is left to the answer."""

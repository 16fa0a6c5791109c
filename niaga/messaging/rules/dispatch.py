"""What may become of a mail, and when it is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
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

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
)
"""After the first, second … failed attempt. After the last one the mail has failed."""

GIVEN_UP_AFTER = timedelta(minutes=10)
"""A mail that has been on its way so long lost its worker: every hand-over has ended by then."""


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many attempts; None: no more."""
    return at + WAITS[attempts - 1] if attempts <= len(WAITS) else None

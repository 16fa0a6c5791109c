"""The values of a message that bears a link to sign in are kept encrypted until it was sent, and not at all after."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from niaga.messaging.models import WhatsappMessage
from niaga.messaging.services.seal_password import open_password, seal_password


def seal_values(values: Sequence[str]) -> str:
    return seal_password(orjson.dumps(list(values)).decode())


def is_gone(message: WhatsappMessage, *, at: datetime) -> bool:
    """Whether the message bore a link that was blanked, or works no longer."""
    return message.secret and (not message.sealed or message.secret_until is None or message.secret_until <= at)


def open_values(message: WhatsappMessage, *, at: datetime) -> list[str] | None:
    """What stands in the message's places; None: its secret is gone, or the installation's key has changed since."""
    if not message.secret:
        return list(message.values)
    if is_gone(message, at=at):
        return None
    told = open_password(message.sealed)
    return [str(value) for value in orjson.loads(told)] if told else None

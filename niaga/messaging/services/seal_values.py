"""The values of a message that bears a link to sign in are kept encrypted until it was sent, and not at all after."""

from collections.abc import Sequence

import orjson

from niaga.messaging.models import WhatsappMessage
from niaga.messaging.services.seal_password import open_password, seal_password


def seal_values(values: Sequence[str]) -> str:
    return seal_password(orjson.dumps(list(values)).decode())


def open_values(message: WhatsappMessage) -> list[str] | None:
    """What stands in the message's places; None: its secret is gone, or the installation's key has changed since."""
    if not message.secret:
        return list(message.values)
    told = open_password(message.sealed)
    return [str(value) for value in orjson.loads(told)] if told else None

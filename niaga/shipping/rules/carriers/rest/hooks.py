"""What a carrier of the plain HTTP shape tells by itself, signed over the whole body."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from niaga.shipping.rules.carriers.rest.answers import told_of
from niaga.shipping.rules.carriers.shape import Keys, Told, Unreadable


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, headers: Mapping[str, str], keys: Keys) -> bool:
    given = headers.get("x-carrier-signature", "")
    return bool(keys.secret) and hmac.compare_digest(signature(body, keys.secret).encode(), given.encode())


def event_key(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def told(call: Any) -> Sequence[Told]:
    if not isinstance(call, dict) or not isinstance(call.get("key"), str):
        return ()
    try:
        return (told_of(call, call["key"]),)
    except Unreadable:
        return ()

"""What the sandbox tells by itself, signed over the whole body."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from niaga.payments.rules.gateways.sandbox.answers import charge_told
from niaga.payments.rules.gateways.shape import Keys, Told


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, headers: Mapping[str, str], keys: Keys) -> bool:
    given = headers.get("x-sandbox-signature", "")
    return bool(keys.secret) and hmac.compare_digest(signature(body, keys.secret).encode(), given.encode())


def event_key(body: bytes, headers: Mapping[str, str]) -> str:
    return hashlib.sha256(body).hexdigest()


def told(call: Any) -> Sequence[Told]:
    return [charge_told(call)] if isinstance(call, dict) and isinstance(call.get("key"), str) else []

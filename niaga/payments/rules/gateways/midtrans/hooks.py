"""What Midtrans tells by itself. Its signature covers order, status code and amount, not the state: that is asked."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from niaga.payments.rules.gateways.midtrans.answers import state_of
from niaga.payments.rules.gateways.shape import Keys, Told, amount_of, text_of


def signature(order_id: str, status_code: str, gross_amount: str, secret: str) -> str:
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{secret}".encode()).hexdigest()


def is_signed(body: bytes, headers: Mapping[str, str], keys: Keys) -> bool:
    try:
        told = json.loads(body)
    except ValueError:
        return False
    if not isinstance(told, dict) or not keys.secret:
        return False
    parts = [told.get(name) for name in ("order_id", "status_code", "gross_amount", "signature_key")]
    if not all(isinstance(part, str) for part in parts):
        return False
    order_id, code, amount, given = (str(part) for part in parts)
    return hmac.compare_digest(signature(order_id, code, amount, keys.secret).encode(), given.encode())


def event_key(body: bytes, headers: Mapping[str, str]) -> str:
    """It names no event, so the same words are the same event."""
    return hashlib.sha256(body).hexdigest()


def told(call: Any) -> Sequence[Told]:
    if not isinstance(call, dict) or not isinstance(call.get("order_id"), str):
        return []
    return [
        Told(text_of(call["order_id"]), state_of(call), text_of(call.get("transaction_id")),
             amount_of(call.get("gross_amount")), words=text_of(call.get("transaction_status")))
    ]  # fmt: skip

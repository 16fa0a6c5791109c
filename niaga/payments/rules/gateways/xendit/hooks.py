"""What Xendit tells by itself: every call carries the account's own token, and most an id of the event."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from niaga.payments.rules.gateways.shape import PAID, Keys, RefundTold, Told, amount_of, text_of
from niaga.payments.rules.gateways.xendit.answers import code_told, invoice_told, refund_told


def is_signed(body: bytes, headers: Mapping[str, str], keys: Keys) -> bool:
    given = headers.get("x-callback-token", "")
    return bool(keys.token) and hmac.compare_digest(keys.token.encode(), given.encode())


def event_key(body: bytes, headers: Mapping[str, str]) -> str:
    """Its own id of the event, together with the words: an id that comes with other words is another event."""
    return hashlib.sha256(headers.get("webhook-id", "").encode() + b"\n" + body).hexdigest()


def told(call: Any) -> Sequence[Told | RefundTold]:
    """An invoice, money on a virtual account, a paid code, or a refund. Whatever else it tells is passed over."""
    if not isinstance(call, dict):
        return []
    event, data = text_of(call.get("event")), call.get("data")
    if isinstance(data, dict) and event.startswith("qr."):
        return [code_told(data)]
    if isinstance(data, dict) and event.startswith("refund."):
        return [refund_told(data)]
    if not isinstance(call.get("external_id"), str):
        return []
    if "payment_id" in call and "callback_virtual_account_id" in call:
        number = text_of(call["callback_virtual_account_id"])
        words = text_of(call.get("bank_code"))
        return [Told(text_of(call["external_id"]), PAID, number, amount_of(call.get("amount")), words=words)]
    return [invoice_told(call)] if "amount" in call else []

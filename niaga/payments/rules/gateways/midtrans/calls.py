"""What Midtrans is asked with. Our key is its `order_id`: a second charge of it is refused there."""

from typing import Any

from niaga.core.rules.call import Call
from niaga.payments.rules.gateways.shape import LINK, VA, Bill, Keys, RefundAsked, basic, whole

SNAP = {True: "https://app.midtrans.com", False: "https://app.sandbox.midtrans.com"}
CORE = {True: "https://api.midtrans.com", False: "https://api.sandbox.midtrans.com"}


def _headers(keys: Keys, idempotency: str = "") -> dict[str, str]:
    return basic(keys.secret) | ({"Idempotency-Key": idempotency} if idempotency else {})


def make(keys: Keys, bill: Bill) -> Call:
    asked: dict[str, Any] = {
        "transaction_details": {"order_id": bill.key, "gross_amount": whole(bill.amount)},
        "custom_field1": bill.number[:255],
    }
    if bill.payer:
        asked["customer_details"] = {"first_name": bill.payer[:255], **({"email": bill.email} if bill.email else {})}
    if bill.method == LINK:
        asked |= {"expiry": {"unit": "minutes", "duration": bill.minutes}, "credit_card": {"secure": True}}
        return Call("POST", f"{keys.base or SNAP[keys.live]}/snap/v1/transactions", _headers(keys, bill.key), asked)
    asked["custom_expiry"] = {"expiry_duration": bill.minutes, "unit": "minute"}
    if bill.method == VA:
        asked |= {"payment_type": "bank_transfer", "bank_transfer": {"bank": bill.bank}}
    else:
        asked |= {"payment_type": "qris", "qris": {"acquirer": "gopay"}}
    return Call("POST", f"{_core(keys)}/v2/charge", _headers(keys, bill.key), asked)


def ask(keys: Keys, bill: Bill) -> Call:
    return Call("GET", f"{_core(keys)}/v2/{bill.key}/status", _headers(keys))


def refund(keys: Keys, asked: RefundAsked) -> Call:
    body = {"refund_key": asked.key, "amount": whole(asked.amount), "reason": asked.reason[:255]}
    return Call("POST", f"{_core(keys)}/v2/{asked.bill.key}/refund", _headers(keys, asked.key), body)


def ask_refund(keys: Keys, asked: RefundAsked) -> Call:
    """The status of a transaction lists its refunds by key."""
    return ask(keys, asked.bill)


def check(keys: Keys) -> Call:
    """A transaction that cannot be there: a right key is told so, a wrong one is turned away."""
    return Call("GET", f"{_core(keys)}/v2/niaga-connection-check/status", _headers(keys))


def _core(keys: Keys) -> str:
    return keys.base or CORE[keys.live]

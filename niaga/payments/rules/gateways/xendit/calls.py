"""What Xendit is asked with. Our key is its `external_id` or `reference_id`, by which it can be asked again."""

from datetime import UTC
from typing import Any
from urllib.parse import quote

from niaga.core.rules.call import Call
from niaga.payments.rules.gateways.shape import LINK, VA, Bill, Keys, RefundAsked, basic, whole

BASE = "https://api.xendit.co"
QR_VERSION = {"api-version": "2022-07-31"}


def _url(keys: Keys, path: str) -> str:
    return f"{keys.base or BASE}{path}"


def make(keys: Keys, bill: Bill) -> Call:
    amount, until = whole(bill.amount), bill.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = basic(keys.secret) | {"idempotency-key": bill.key}
    if bill.method == LINK:
        asked: dict[str, Any] = {
            "external_id": bill.key, "amount": amount, "currency": "IDR", "description": bill.number[:255],
            "invoice_duration": bill.minutes * 60,
        }  # fmt: skip
        if bill.email:
            asked["payer_email"] = bill.email
        return Call("POST", _url(keys, "/v2/invoices"), headers, asked)
    if bill.method == VA:
        name = "".join(sign for sign in bill.payer.upper() if sign.isascii() and (sign.isalpha() or sign == " "))
        asked = {
            "external_id": bill.key, "bank_code": bill.bank, "name": " ".join(name.split())[:50] or "PELANGGAN",
            "is_closed": True, "is_single_use": True, "expected_amount": amount, "expiration_date": until,
        }  # fmt: skip
        return Call("POST", _url(keys, "/callback_virtual_accounts"), headers, asked)
    asked = {"reference_id": bill.key, "type": "DYNAMIC", "currency": "IDR", "amount": amount, "expires_at": until}
    return Call("POST", _url(keys, "/qr_codes"), headers | QR_VERSION, asked)


def ask(keys: Keys, bill: Bill) -> Call:
    """An invoice is found by our own key. Virtual accounts and codes are found by Xendit's."""
    if bill.method == LINK:
        return Call("GET", _url(keys, f"/v2/invoices?external_id={quote(bill.key)}"), basic(keys.secret))
    if bill.method == VA:
        path = f"/callback_virtual_accounts/{quote(bill.provider_id or 'unknown', safe='')}"
        return Call("GET", _url(keys, path), basic(keys.secret))
    path = f"/qr_codes/{quote(bill.provider_id or 'unknown', safe='')}/payments"
    return Call("GET", _url(keys, path), basic(keys.secret) | QR_VERSION)


def refund(keys: Keys, asked: RefundAsked) -> Call:
    body = {
        "invoice_id": asked.bill.provider_id, "amount": whole(asked.amount), "currency": "IDR",
        "reason": "REQUESTED_BY_CUSTOMER", "reference_id": asked.key,
    }  # fmt: skip
    return Call("POST", _url(keys, "/refunds"), basic(keys.secret) | {"idempotency-key": asked.key}, body)


def ask_refund(keys: Keys, asked: RefundAsked) -> Call:
    return Call("GET", _url(keys, f"/refunds?invoice_id={quote(asked.bill.provider_id)}"), basic(keys.secret))


def check(keys: Keys) -> Call:
    return Call("GET", _url(keys, "/balance"), basic(keys.secret))

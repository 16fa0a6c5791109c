"""The one shape of every payment gateway: calls it is asked with, answers it gives, and what it tells by itself.

A gateway is a folder beside this file with the same files as the others: `calls` (what is sent), `answers` (what came
back), `hooks` (whether a call is the gateway's, and what it says) and the `GATEWAY` that names them. All of it is pure;
`services.call_gateway` is what speaks HTTP.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from niaga.core.rules.call import Call

LINK, VA, QRIS = "link", "va", "qris"
PENDING, PAID, EXPIRED, FAILED, UNKNOWN = "pending", "paid", "expired", "failed", "unknown"


@dataclass(frozen=True, slots=True)
class Keys:
    """How a company is known at its gateway: what authorizes our calls, and what proves theirs."""

    secret: str
    token: str = ""
    live: bool = False
    base: str = ""
    """Another address than the gateway's own."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a customer is asked to pay. `key` is ours, stored before anything is sent, and the same in every attempt."""

    key: str
    number: str
    amount: Decimal
    method: str
    bank: str
    expires_at: datetime
    asked_at: datetime
    payer: str = ""
    email: str = ""
    provider_id: str = ""

    @property
    def minutes(self) -> int:
        return max(1, int((self.expires_at - self.asked_at).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class Made:
    """A way to pay that stands at the gateway: an address, an account to transfer to, or a code."""

    provider_id: str
    url: str = ""
    account: str = ""
    bank: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a gateway says of a bill: by itself, or asked. `key` is ours."""

    key: str
    state: str
    provider_id: str = ""
    amount: Decimal | None = None
    fee: Decimal | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class RefundAsked:
    key: str
    amount: Decimal
    reason: str
    bill: Bill


@dataclass(frozen=True, slots=True)
class RefundTold:
    """What became of a refund: `paid` when the money is on its way back for certain."""

    key: str
    state: str
    provider_id: str = ""
    words: str = ""


class Unreadable(ValueError):
    """An answer that says nothing certain."""


@dataclass(frozen=True, slots=True)
class Gateway:
    code: str
    label: str
    methods: Sequence[str]
    banks: Sequence[str]
    refundable: Sequence[str]
    """Ways of paying that it can pay back by itself."""
    body_proves: bool
    """Its signature covers all it says; otherwise it is asked before anything is done."""
    needs_token: bool
    payer_names: Sequence[str]
    """How banks write it beside its payouts."""
    make: Callable[[Keys, Bill], Call]
    made: Callable[[Any, Bill], Made]
    ask: Callable[[Keys, Bill], Call]
    asked: Callable[[Any, Bill], Told]
    """:raises Unreadable:"""
    refund: Callable[[Keys, RefundAsked], Call]
    refunded: Callable[[Any, RefundAsked], RefundTold]
    ask_refund: Callable[[Keys, RefundAsked], Call]
    asked_refund: Callable[[Any, RefundAsked], RefundTold]
    check: Callable[[Keys], Call]
    checked: Callable[[int, Any], bool]
    is_signed: Callable[[bytes, Mapping[str, str], Keys], bool]
    event_key: Callable[[bytes, Mapping[str, str]], str]
    told: Callable[[Any], Sequence[Told | RefundTold]]


def basic(secret: str) -> dict[str, str]:
    """The key as a user name without a password: what both Midtrans and Xendit want."""
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode(), "Accept": "application/json"}


def amount_of(value: Any) -> Decimal | None:
    """A figure as gateways write it (`44000`, `"44000.00"`); None: no figure at all. Never through a float."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < Decimal(10) ** 15 else None


def text_of(value: Any, most: int = 200) -> str:
    """What a gateway wrote, as one short line."""
    return " ".join(str(value).split())[:most] if isinstance(value, str | int) else ""


def whole(amount: Decimal) -> int:
    """:raises ValueError: rupiah have no fractions"""
    if amount != int(amount):
        raise ValueError(f"{amount} is no whole number of rupiah")
    return int(amount)


def found(answer: Any) -> dict[str, Any]:
    """:raises Unreadable: no object"""
    if not isinstance(answer, dict):
        raise Unreadable("no object")
    return answer

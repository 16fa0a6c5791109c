"""What the sandbox answers."""

from typing import Any

from niaga.payments.rules.gateways.shape import (
    EXPIRED,
    FAILED,
    PAID,
    PENDING,
    UNKNOWN,
    Bill,
    Made,
    RefundAsked,
    RefundTold,
    Told,
    Unreadable,
    amount_of,
    found,
    text_of,
)

STATES = frozenset({PENDING, PAID, EXPIRED, FAILED})


def made(answer: Any, bill: Bill) -> Made:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    if told.get("key") != bill.key:
        raise Unreadable("not what was asked for")
    return Made(
        text_of(told.get("id")), url=text_of(told.get("url"), 500), account=text_of(told.get("account"), 40),
        bank=bill.bank, code=text_of(told.get("code"), 600),
    )  # fmt: skip


def asked(answer: Any, bill: Bill) -> Told:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    if told.get("state") == UNKNOWN:
        return Told(bill.key, UNKNOWN)
    if told.get("key") != bill.key:
        raise Unreadable("not what was asked for")
    return charge_told(told)


def charge_told(told: dict[str, Any]) -> Told:
    state = text_of(told.get("state"))
    return Told(
        text_of(told.get("key")), state if state in STATES else UNKNOWN, text_of(told.get("id")),
        amount_of(told.get("amount")), amount_of(told.get("fee")), state,
    )  # fmt: skip


def refunded(answer: Any, asked_for: RefundAsked) -> RefundTold:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    state = text_of(told.get("state"))
    if told.get("key") != asked_for.key or state not in (PAID, FAILED, UNKNOWN):
        raise Unreadable("not what was asked for")
    return RefundTold(asked_for.key, state, text_of(told.get("id")), text_of(told.get("words")))


asked_refund = refunded


def checked(status: int, answer: Any) -> bool:
    return status == 200 and isinstance(answer, dict)

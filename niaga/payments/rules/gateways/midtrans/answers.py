"""What Midtrans answers. Its Core API says in `status_code` what happened, whatever the HTTP status is."""

from typing import Any

from niaga.payments.rules.gateways.shape import (
    EXPIRED,
    FAILED,
    LINK,
    PAID,
    PENDING,
    UNKNOWN,
    VA,
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

STATES = {
    "settlement": PAID,
    "capture": PAID,
    "refund": PAID,
    "partial_refund": PAID,
    "pending": PENDING,
    "authorize": PENDING,
    "expire": EXPIRED,
    "deny": FAILED,
    "cancel": FAILED,
    "failure": FAILED,
}
"""`refund` comes after it was paid: what went back is told by the refund."""


def made(answer: Any, bill: Bill) -> Made:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    if bill.method == LINK:
        if not str(told.get("redirect_url", "")).startswith("https://") and not _local(told):
            raise Unreadable("no address")
        return Made(text_of(told.get("token")), url=str(told["redirect_url"])[:500])
    if text_of(told.get("status_code")) != "201":
        raise Unreadable(text_of(told.get("status_message")))
    number = text_of(told.get("transaction_id"))
    if bill.method == VA:
        accounts = told.get("va_numbers") or []
        first = accounts[0] if isinstance(accounts, list) and accounts and isinstance(accounts[0], dict) else {}
        account = text_of(first.get("va_number") or told.get("permata_va_number"), 40)
        if not account:
            raise Unreadable("no account")
        return Made(number, account=account, bank=bill.bank)
    code = text_of(told.get("qr_string"), 600)
    if not code:
        raise Unreadable("no code")
    return Made(number, code=code)


def _local(told: dict[str, Any]) -> bool:
    return str(told.get("redirect_url", "")).startswith("http://127.0.0.1:")


def asked(answer: Any, bill: Bill) -> Told:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    code = text_of(told.get("status_code"))
    if code == "404":  # Snap knows a transaction only once the customer has chosen how to pay
        return Told(bill.key, UNKNOWN, words=text_of(told.get("status_message")))
    if told.get("order_id") != bill.key:
        raise Unreadable(text_of(told.get("status_message")))
    return Told(
        bill.key, state_of(told), provider_id=text_of(told.get("transaction_id")),
        amount=amount_of(told.get("gross_amount")), words=text_of(told.get("transaction_status")),
    )  # fmt: skip


def state_of(told: dict[str, Any]) -> str:
    """A card payment that is under suspicion (`challenge`) is not paid yet."""
    if told.get("fraud_status") == "challenge":
        return PENDING
    return STATES.get(text_of(told.get("transaction_status")), UNKNOWN)


def refunded(answer: Any, asked_for: RefundAsked) -> RefundTold:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    words = text_of(told.get("status_message"))
    if text_of(told.get("status_code")) == "200":
        return RefundTold(asked_for.key, PAID, text_of(told.get("refund_chargeback_id")), words)
    if text_of(told.get("status_code")) in ("412", "413", "414", "418"):  # not allowed in this state, or any more
        return RefundTold(asked_for.key, FAILED, words=words)
    raise Unreadable(words)


def asked_refund(answer: Any, asked_for: RefundAsked) -> RefundTold:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    rows = told.get("refunds") or []
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if any(row.get("refund_key") == asked_for.key for row in known):
        return RefundTold(asked_for.key, PAID)
    return RefundTold(asked_for.key, UNKNOWN)


def checked(status: int, answer: Any) -> bool:
    code = text_of(answer.get("status_code")) if isinstance(answer, dict) else ""
    return code == "404" or (status == 404 and not code)

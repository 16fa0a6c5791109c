"""What Xendit answers."""

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

INVOICES = {"PENDING": PENDING, "PAID": PAID, "SETTLED": PAID, "EXPIRED": EXPIRED}
CODES = {"SUCCEEDED": PAID, "COMPLETED": PAID, "PENDING": PENDING, "FAILED": FAILED}
REFUNDS = {"SUCCEEDED": PAID, "PENDING": PENDING, "FAILED": FAILED, "CANCELLED": FAILED}


def made(answer: Any, bill: Bill) -> Made:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    number = text_of(told.get("id"))
    if not number:
        raise Unreadable("no id")
    if bill.method == LINK:
        url = told.get("invoice_url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1:")):
            raise Unreadable("no address")
        return Made(number, url=url[:500])
    if bill.method == VA:
        account = text_of(told.get("account_number"), 40)
        if not account:
            raise Unreadable("no account")
        return Made(number, account=account, bank=bill.bank)
    code = text_of(told.get("qr_string"), 600)
    if not code:
        raise Unreadable("no code")
    return Made(number, code=code)


def asked(answer: Any, bill: Bill) -> Told:
    """:raises Unreadable: it says nothing certain"""
    if bill.method == LINK:
        rows = answer if isinstance(answer, list) else [answer]
        mine = [row for row in rows if isinstance(row, dict) and row.get("external_id") == bill.key]
        if not mine:
            return Told(bill.key, UNKNOWN)
        return invoice_told(mine[0])
    told = found(answer)
    if bill.method == VA:  # an account says whether it stands; who paid into it is told by the call
        state = EXPIRED if told.get("status") == "INACTIVE" else PENDING
        return Told(bill.key, UNKNOWN if state == EXPIRED else state, text_of(told.get("id")))
    rows = told.get("data") or []
    paid = [row for row in rows if isinstance(row, dict) and row.get("reference_id") == bill.key]
    return code_told(paid[0]) if paid else Told(bill.key, PENDING)


def invoice_told(row: dict[str, Any]) -> Told:
    status = text_of(row.get("status"))
    amount = amount_of(row.get("paid_amount"))
    return Told(
        text_of(row.get("external_id")), INVOICES.get(status, UNKNOWN), text_of(row.get("id")),
        amount if amount is not None else amount_of(row.get("amount")), amount_of(row.get("fees_paid_amount")),
        " ".join(filter(None, (status, text_of(row.get("payment_channel"))))),
    )  # fmt: skip


def code_told(row: dict[str, Any]) -> Told:
    status = text_of(row.get("status"))
    return Told(
        text_of(row.get("reference_id")), CODES.get(status, UNKNOWN), "", amount_of(row.get("amount")), words=status
    )


def refunded(answer: Any, asked_for: RefundAsked) -> RefundTold:
    """:raises Unreadable: it says nothing certain"""
    told = found(answer)
    if not text_of(told.get("id")):
        raise Unreadable("no id")
    return refund_told(told | {"reference_id": told.get("reference_id") or asked_for.key})


def asked_refund(answer: Any, asked_for: RefundAsked) -> RefundTold:
    told = found(answer)
    rows = told.get("data") or []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("reference_id") == asked_for.key:
            return refund_told(row)
    return RefundTold(asked_for.key, UNKNOWN)


def refund_told(row: dict[str, Any]) -> RefundTold:
    status = text_of(row.get("status"))
    words = text_of(row.get("failure_code")) or status
    return RefundTold(text_of(row.get("reference_id")), REFUNDS.get(status, UNKNOWN), text_of(row.get("id")), words)


def checked(status: int, answer: Any) -> bool:
    return status == 200 and isinstance(answer, dict) and "balance" in answer

"""MT940 (SWIFT customer statement), by the library `mt-940`."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import mt940

from niaga.payments.rules.read_lines import (
    MOST_AMOUNT,
    MOST_LINES,
    ReadLine,
    ReadStatement,
    UnreadableStatement,
    tidy,
)

_NOTHING = {"NONREF", "NOTPROVIDED", "NONE"}


def read_mt940(text: str) -> ReadStatement:
    """The movements of one account; several messages of it make one statement.

    :raises UnreadableStatement: no such file, several accounts, a movement that cannot be read
    """
    told = text.count(":61:")
    if told > MOST_LINES:
        raise UnreadableStatement("too_many", MOST_LINES)
    accounts = {found.strip() for found in re.findall(r"^:25:(.+)$", text, re.MULTILINE)}
    if len(accounts) > 1:
        raise UnreadableStatement("accounts")
    try:
        found = mt940.parse(text)
    except Exception as error:  # whatever the library makes of a broken file, it is not taken
        raise UnreadableStatement("not_mt940") from error
    lines = [_line(one.data, number) for number, one in enumerate(found, start=1) if one.data.get("amount") is not None]
    if len(lines) != told:
        raise UnreadableStatement("not_mt940", len(lines) + 1)
    if not lines:
        raise UnreadableStatement("no_lines")
    opening = re.search(r"^:60F:([CD])\d{6}[A-Z]{3}([\d,]+)", text, re.MULTILINE)
    closings = re.findall(r"^:62F:([CD])\d{6}[A-Z]{3}([\d,]+)", text, re.MULTILINE)
    currency = {str(one.data.get("currency") or "") for one in found}
    if len(currency) > 1:
        raise UnreadableStatement("currencies")
    return ReadStatement(
        lines, currency=currency.pop(), account=tidy(accounts.pop() if accounts else "", 40),
        opening=_balance(opening.groups()) if opening else None, closing=_balance(closings[-1]) if closings else None,
    )  # fmt: skip


def _line(data: dict[str, Any], number: int) -> ReadLine:
    amount: Decimal = data["amount"].amount
    if str(data.get("status", "")) in ("RC", "RD"):  # a reversed credit is money out
        amount = -abs(amount) if data["status"] == "RC" else abs(amount)
    if not amount or abs(amount) >= MOST_AMOUNT:
        raise UnreadableStatement("amount", number)
    day = data.get("entry_date") or data.get("date")
    if day is None:
        raise UnreadableStatement("date", number)
    bank, customer = (tidy(data.get(name), 80) for name in ("bank_reference", "customer_reference"))
    told = [data.get("transaction_details"), data.get("purpose"), "" if customer in _NOTHING else customer]
    return ReadLine(
        date=date(day.year, day.month, day.day), amount=amount,
        text=tidy(" ".join(str(one) for one in told if one)) or tidy(data.get("extra_details")),
        payer=tidy(data.get("applicant_name"), 200), payer_account=tidy(data.get("applicant_iban"), 40),
        reference="" if bank in _NOTHING else bank, row=number,
    )  # fmt: skip


def _balance(found: tuple[str, ...]) -> Decimal:
    amount = Decimal(found[1].replace(",", "."))
    return -amount if found[0] == "D" else amount

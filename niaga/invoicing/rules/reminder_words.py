"""What a reminder may say: placeholders from a list, filled with the facts of one customer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from niaga.core.rules.formatting import format_long_date, format_money, format_number

PLACEHOLDERS = (
    "customer.name", "company.name", "invoices", "invoice.count", "total", "oldest.number", "oldest.due_date",
    "oldest.days", "bank.account", "link", "late_fee",
)  # fmt: skip
"""`oldest`: of the parts that are told, the one that is due first. `link`: the customer's page of it. `late_fee`: what
the late days of all of them cost so far, and is not charged yet."""
MOST_LISTED = 20
LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class DuePart:
    """A part of an invoice that is reminded of: what is left of it, and how many days overdue (below zero: before)."""

    number: str
    due_date: date
    days: int
    open: Decimal
    currency: str
    late_fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sender:
    """The company, and where its customers pay to."""

    name: str
    bank: str = ""


def placeholder_values(
    *, customer: str, sender: Sender, parts: Sequence[DuePart], language: str, breaks: bool = True, link: str = ""
) -> Mapping[str, str]:
    """What each placeholder stands for; without `breaks` on one line, as WhatsApp wants it.

    `parts` are at least one, the earliest due first.
    """
    oldest = parts[0]
    lines = [_line(part, language) for part in parts[:MOST_LISTED]]
    if len(parts) > MOST_LISTED:
        more = format_number(len(parts) - MOST_LISTED, language)
        lines.append(f"… dan {more} lagi" if language == "id" else f"… and {more} more")
    return {
        "customer.name": customer,
        "company.name": sender.name,
        "invoices": "\n".join(f"• {line}" for line in lines) if breaks else "; ".join(lines),
        "invoice.count": format_number(len({part.number for part in parts}), language),
        "total": _total(parts, language),
        "oldest.number": oldest.number,
        "oldest.due_date": format_long_date(oldest.due_date, language),
        "oldest.days": format_number(abs(oldest.days), language),
        "bank.account": sender.bank or "-",
        "link": link or "-",
        "late_fee": _sums([(part.currency, part.late_fee) for part in parts], language),
    }


def _line(part: DuePart, language: str) -> str:
    due = "jatuh tempo" if language == "id" else "due"
    money = format_money(part.open, part.currency, language)
    return f"{part.number}, {due} {format_long_date(part.due_date, language)}: {money}"


def _total(parts: Sequence[DuePart], language: str) -> str:
    return _sums([(part.currency, part.open) for part in parts], language)


def _sums(amounts: Iterable[tuple[str, Decimal]], language: str) -> str:
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return " + ".join(format_money(amount, currency, language) for currency, amount in sums.items())

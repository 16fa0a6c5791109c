"""How a fee invoice shows its reckoning, in its customer's language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from niaga.core.rules.formatting import format_date, format_money, format_number, format_percent
from niaga.invoicing.rules.late_fee import Segment

MOST_SHOWN = 12
_WORDS = {
    "id": {"head": "Denda keterlambatan {number}, jatuh tempo {due}", "fixed": "{days}: jumlah tetap",
           "days": "{days}: {open} × {count} hari × {percent} per bulan", "more": "… dan {count} rentang lagi",
           "capped": "Dibatasi menurut batas denda"},
    "en": {"head": "Late fee for {number}, due {due}", "fixed": "{days}: fixed amount",
           "days": "{days}: {open} × {count} days × {percent} a month", "more": "… and {count} more spans",
           "capped": "Lessened to the most that is charged"},
}  # fmt: skip


def fee_text(
    *, number: str, due_date: date | None, segments: Sequence[Segment], percent: Decimal, currency: str,
    language: str, is_capped: bool = False,
) -> str:  # fmt: skip
    """A line of a fee invoice: which invoice, then what was open over which days at which rate."""
    words = _WORDS["en" if language == "en" else "id"]
    told = [words["head"].format(number=number, due=format_date(due_date, language) if due_date else "–")]
    told += reckoning(segments, percent=percent, currency=currency, language=language)
    if is_capped:
        told.append(words["capped"])
    return "\n".join(told)


def reckoning(segments: Sequence[Segment], *, percent: Decimal, currency: str, language: str) -> list[str]:
    """Each run of days in which the same was open; a `percent` of 0 is a fixed amount."""
    words = _WORDS["en" if language == "en" else "id"]
    told = []
    for one in segments[:MOST_SHOWN]:
        first, last = format_date(one.first, language), format_date(one.last, language)
        days = first if one.first == one.last else f"{first} – {last}"
        told.append(
            words["days" if percent else "fixed"].format(
                days=days, open=format_money(one.open, currency, language), count=format_number(one.days, language),
                percent=format_percent(percent, language),
            )
        )  # fmt: skip
    if len(segments) > MOST_SHOWN:
        told.append(words["more"].format(count=len(segments) - MOST_SHOWN))
    return told

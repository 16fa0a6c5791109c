"""Amounts, quantities and dates as people write them: `Rp 1.234.567`, `1.234,56`, `23 Nov 2026`. Free of Django,
so that screens, PDFs, mails and files write the same."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from niaga.core.money import exponent, round_amount

_SYMBOLS = {"IDR": "Rp", "USD": "US$", "SGD": "S$", "EUR": "€", "GBP": "£", "MYR": "RM", "AUD": "A$", "JPY": "¥"}
_MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_SHORT = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SWAP = str.maketrans(",.", ".,")
NO_BREAK = "\u00a0"


def _language(language: str) -> str:
    return "id" if language.startswith("id") else "en"


def format_number(value: Decimal | int, language: str, *, digits: int | None = None, most: int = 6) -> str:
    """Grouped by thousands. `digits` fixes the decimals, rounded half up; without, as many as there are, to `most`."""
    number = Decimal(value)
    if digits is not None:
        text = f"{round_half_up(number, digits):,f}"
    else:
        text = f"{round_half_up(number, most):,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.translate(_SWAP) if _language(language) == "id" else text


def round_half_up(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def format_amount(amount: Decimal, currency: str, language: str) -> str:
    """An amount without its currency, to the currency's unit: `1.234.567`."""
    return format_number(round_amount(amount, currency), language, digits=exponent(currency))


def format_money(amount: Decimal, currency: str, language: str, *, space: bool = True) -> str:
    """An amount with its currency: `Rp 1.234.567`. `space` False writes `Rp1.234.567`; it never breaks over lines."""
    symbol = _SYMBOLS.get(currency, currency)
    gap = NO_BREAK if space or symbol == currency else ""
    figure = format_amount(abs(amount), currency, language)
    negative = round_amount(amount, currency) < 0
    return f"{'-' if negative else ''}{symbol}{gap}{figure}"


def format_price(price: Decimal, currency: str, language: str) -> str:
    """A unit price: at least the currency's decimals, and every further digit it has."""
    least = exponent(currency)
    exact = round_half_up(price, 6)
    if exact == round_amount(exact, currency):
        return format_number(exact, language, digits=least)
    return format_number(exact, language)


def format_percent(value: Decimal, language: str) -> str:
    """`12,5 %` in Indonesian, `12.5%` in English."""
    figure = format_number(value, language)
    return f"{figure}{NO_BREAK}%" if _language(language) == "id" else f"{figure}%"


def format_date(day: date, language: str) -> str:
    """`23 Nov 2026`."""
    return f"{day.day} {_SHORT[_language(language)][day.month - 1]} {day.year}"


def format_long_date(day: date, language: str, *, weekday: bool = False) -> str:
    """`23 November 2026`, with the weekday `Senin, 23 November 2026`."""
    text = f"{day.day} {_MONTHS[_language(language)][day.month - 1]} {day.year}"
    return f"{_DAYS[_language(language)][day.weekday()]}, {text}" if weekday else text


def format_npwp(number: str) -> str:
    """`01.312.166.0-091.000` for a 15-digit number behind its zero, four groups for a citizen's; else as it is."""
    if len(number) == 16 and number.startswith("0"):
        old = number[1:]
        return f"{old[:2]}.{old[2:5]}.{old[5:8]}.{old[8]}-{old[9:12]}.{old[12:]}"
    if len(number) == 16:
        return " ".join(number[start : start + 4] for start in range(0, 16, 4))
    return number

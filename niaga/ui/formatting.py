"""Numbers, money, dates as people here write them: `Rp 1.234.567` and `23 Nov 2026`, in English `Rp 1,234,567`.

Everything takes and gives exact values; nothing passes through a float.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from niaga.core.money import Money, exponent, round_amount

SYMBOLS = {
    "IDR": "Rp", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "SGD": "S$", "MYR": "RM", "AUD": "A$", "CNY": "CN¥"
}  # fmt: skip
NARROW = "\u00a0"


def _marks() -> tuple[str, str]:
    """Thousands mark and decimal mark of the active language."""
    return (",", ".") if (get_language() or "id").startswith("en") else (".", ",")


def number(value: Decimal | int | None, digits: int | None = None) -> str:
    """`1.234,5`: with `digits` decimals, or as many as the value has without trailing zeros."""
    if value is None:
        return ""
    exact = Decimal(value)
    text = f"{exact:,.{digits}f}" if digits is not None else f"{exact:,f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    thousands, decimal = _marks()
    if thousands == ",":
        return text
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def amount(value: Decimal | int | None, currency: str) -> str:
    """`1.234.567` to the currency's smallest unit, without its symbol."""
    if value is None:
        return ""
    return number(round_amount(Decimal(value), currency), exponent(currency))


def symbol(currency: str) -> str:
    return SYMBOLS.get(currency, currency)


def headline(value: Decimal | int | Money | None, currency: str = "") -> tuple[str, str]:
    """Symbol and amount apart, for a figure that shows them in two sizes."""
    value, currency = _parts(value, currency)
    return symbol(currency), amount(value, currency)


def _parts(value: Decimal | int | Money | None, currency: str) -> tuple[Decimal | int | None, str]:
    return (value.amount, value.currency) if isinstance(value, Money) else (value, currency)


def money(value: Decimal | int | Money | None, currency: str = "") -> str:
    """`Rp 1.234.567`; the space does not break. A minus stands before the symbol."""
    value, currency = _parts(value, currency)
    if value is None:
        return ""
    text = amount(value, currency)
    minus, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    return f"{minus}{symbol(currency)}{NARROW}{text}"


def money_short(value: Decimal | int | Money | None, currency: str = "") -> str:
    """`Rp 96,2 jt`, `Rp 1,18 M`: three figures for headlines, never for a document."""
    value, currency = _parts(value, currency)
    if value is None:
        return ""
    exact = abs(Decimal(value))
    for size, word in (
        (Decimal(10**12), gettext("tn")),
        (Decimal(10**9), gettext("bn")),
        (Decimal(10**6), gettext("m")),
    ):
        if exact >= size:
            share = exact / size
            digits = 2 if share < 10 else 1 if share < 100 else 0
            minus = "-" if value < 0 else ""
            shown = number(Decimal(f"{share:.{digits}f}"))
            return f"{minus}{symbol(currency)}{NARROW}{shown}{NARROW}{word}"
    return money(value, currency)


def percent(value: Decimal | int | None, digits: int | None = None) -> str:
    """`18,3 %` of 18.3; in English `18.3%`."""
    if value is None:
        return ""
    space = "" if _marks()[0] == "," else NARROW
    return f"{number(value, digits)}{space}%"


def quantity(value: Decimal | int | None, unit: str = "") -> str:
    text = number(value)
    return f"{text}{NARROW}{unit}" if unit and text else text


def day(value: date | datetime | None) -> str:
    """`23 Nov 2026`, in the active time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value).date()
    return _day(value, get_language() or "")


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    return date_format(value, "j M Y", use_l10n=False)


def clock(value: datetime) -> str:
    return date_format(_local(value), "H:i" if _marks()[0] == "," else "H.i", use_l10n=False)


def moment(value: datetime | None) -> str:
    """`23 Nov 2026 16.20`"""
    return "" if value is None else f"{day(value)} {clock(value)}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """`10 minutes ago`, `yesterday 16.20`, `20 Nov 09.12`: as near as a person needs it."""
    if value is None:
        return ""
    now = now or timezone.now()
    passed = now - value
    if timedelta(0) <= passed < timedelta(minutes=1):
        return gettext("just now")
    if timedelta(0) <= passed < timedelta(hours=1):
        minutes = int(passed.total_seconds() // 60)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    days = (_local(now).date() - _local(value).date()).days
    if days == 0:
        return gettext("today %(time)s") % {"time": clock(value)}
    if days == 1:
        return gettext("yesterday %(time)s") % {"time": clock(value)}
    if days == -1:
        return gettext("tomorrow %(time)s") % {"time": clock(value)}
    shape = "j M" if _local(now).year == _local(value).year else "j M Y"
    return f"{date_format(_local(value), shape, use_l10n=False)} {clock(value)}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def parse_number(text: str) -> Decimal:
    """What a person typed, as a Decimal: `1.234,5` and `Rp 1.234` in Indonesian, `1,234.5` in English.

    One mark alone is read by the active language's rule unless the language has no use for it there: `1.5` in
    Indonesian is one and a half, `1.500` is fifteen hundred, as people mean them.

    :raises ValueError: it is no number, or too long to be one
    """
    cleaned = re.sub(r"^[A-Za-z$€£¥]{0,4}\.?(?=[\s\d.,-])|[\s\u00a0\u202f%]", "", text.strip())
    if not re.fullmatch(r"[+-]?[\d.,]{1,32}", cleaned) or not re.search(r"\d", cleaned):
        raise ValueError(text)
    thousands, decimal = _marks()
    if decimal in cleaned:
        whole, _, part = cleaned.rpartition(decimal)
        if decimal in whole:  # several: it was the other language's thousands mark
            if not re.fullmatch(rf"[+-]?\d{{1,3}}(\{decimal}\d{{3}})+", cleaned):
                raise ValueError(text)
            return _decimal(cleaned.replace(decimal, ""), text)
        return _decimal(f"{whole.replace(thousands, '')}.{part or '0'}", text)
    if thousands in cleaned:
        if re.fullmatch(rf"[+-]?\d{{1,3}}(\{thousands}\d{{3}})+", cleaned):
            return _decimal(cleaned.replace(thousands, ""), text)
        if cleaned.count(thousands) == 1:
            return _decimal(cleaned.replace(thousands, "."), text)
        raise ValueError(text)
    return _decimal(cleaned, text)


MOST_PERCENT = 100


def parse_discount(text: str) -> tuple[Decimal | None, Decimal | None]:
    """A discount as typed, in percent or in money: `5%`, `5.000`, `Rp 50`. A bare number up to 100 is a percentage.

    :raises ValueError: it is no number
    """
    value = parse_number(text)
    in_money = re.match(r"\s*[A-Za-z$€£¥]", text) is not None
    if "%" in text or (not in_money and value <= MOST_PERCENT):
        return value, None
    return None, value


def discount(percentage: Decimal | None, value: Decimal | None, currency: str) -> str:
    """A discount as `parse_discount` reads it again; money that would pass for a percentage carries its symbol."""
    if percentage:
        return percent(percentage)
    if not value:
        return ""
    text = number(value)
    return f"{symbol(currency)}{NARROW}{text}" if value <= MOST_PERCENT else text


def _decimal(cleaned: str, text: str) -> Decimal:
    try:
        return Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError(text) from error

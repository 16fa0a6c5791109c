"""How figures, days and yes-or-no are written in a file, found out from a sample and then held to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from niaga.imports.rules.text_file import UNREADABLE


@dataclass(frozen=True, slots=True)
class Style:
    """`decimal` is the decimal sign, `.` or `,`; `month_first` reads 3/4/2019 as 4 March; `signs` may stand before
    an amount (the company's own currency, nothing else)."""

    decimal: str = "."
    month_first: bool = False
    signs: tuple[str, ...] = ()

    @property
    def grouping(self) -> str:
        return "," if self.decimal == "." else "."

    @property
    def plain_pattern(self) -> str:
        """A figure without grouping, as a regular expression that Python and PostgreSQL read alike."""
        return rf"^[-+]?[0-9]{{1,13}}({re.escape(self.decimal)}[0-9]{{1,10}})?$"

    @property
    def grouped_pattern(self) -> str:
        group, decimal = re.escape(self.grouping), re.escape(self.decimal)
        return rf"^[-+]?[0-9]{{1,3}}({group}[0-9]{{3}}){{1,4}}({decimal}[0-9]{{1,10}})?$"

    @property
    def sign_pattern(self) -> str:
        """What may be taken off the front, any case; it matches nothing when there are no signs."""
        words = "|".join(re.escape(sign) for sign in self.signs)
        return rf"^({words})[.]?\s*" if words else r"^(?!)"


def signs_of(currency: str) -> tuple[str, ...]:
    """How amounts of a currency may begin."""
    more = {"IDR": ("Rp",), "USD": ("US$", "$"), "EUR": ("€",), "SGD": ("S$",), "MYR": ("RM",), "GBP": ("£",)}
    return (*more.get(currency, ()), currency)


class BadFigure(ValueError):
    """The cell is not a figure; `code` is `not_a_figure` or `wrong_currency`."""

    def __init__(self, code: str = "not_a_figure") -> None:
        self.code = code
        super().__init__(code)


_FOREIGN = re.compile(
    r"^(rp|us\$|s\$|rm|€|£|¥|\$|[a-z]{3})[.]?\s*[-+]?[0-9.,]+$|^[-+]?[0-9.,]+\s*[a-z]{3}$", re.IGNORECASE
)


def read_figure(text: str, style: Style) -> Decimal:
    """`1.234,50` with a decimal comma, `1,234.50` with a point, `Rp 15.000` in rupiah.

    :raises BadFigure: anything else, and an amount of another currency
    """
    cell = text.strip().replace("\u00a0", "")
    bare = re.sub(style.sign_pattern, "", cell, flags=re.IGNORECASE)
    if re.match(style.plain_pattern, bare):
        return Decimal(bare.replace(",", "."))
    if re.match(style.grouped_pattern, bare):
        return Decimal(bare.replace(style.grouping, "").replace(",", "."))
    raise BadFigure("wrong_currency" if _FOREIGN.match(cell) else "not_a_figure")


_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?)?$")
_LOCAL = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[ T](\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?$")
_NAMED = re.compile(r"^(\d{1,2})[- ]([A-Za-z]{3,10})[- ](\d{4})$")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january", "feb februari february pebruari", "mar maret march", "apr april", "mei may",
            "jun juni june", "jul juli july", "agu agt agustus ags aug august", "sep september sept",
            "okt oktober oct october", "nov november nopember", "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class BadMoment(ValueError):
    """The cell is not a day that exists."""


def read_moment(text: str, style: Style) -> datetime:
    """A day, with or without a time, as the place's clock showed it (no time zone).

    :raises BadMoment: no day that exists, or none between 1950 and 2150
    """
    cell = text.strip()
    if found := _ISO.match(cell):
        year, month, day, *clock = found.groups()
    elif found := _LOCAL.match(cell):
        first, second, year, *clock = found.groups()
        day, month = (second, first) if style.month_first else (first, second)
    elif (found := _NAMED.match(cell)) and found[2].lower() in MONTHS:
        day, month, year, clock = found[1], str(MONTHS[found[2].lower()]), found[3], []
    else:
        raise BadMoment(text)
    try:
        hour, minute, second = (int(part or 0) for part in (*clock, 0, 0, 0)[:3])
        moment = datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
    except ValueError as error:
        raise BadMoment(text) from error
    if not 1950 <= moment.year <= 2150:
        raise BadMoment(text)
    return moment


_YES = {"yes", "y", "true", "1", "ya", "benar", "x", "aktif"}
_NO = {"", "no", "n", "false", "0", "tidak", "tdk", "bukan", "-"}


def read_yes(text: str) -> bool | None:
    """None when it is neither yes nor no."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def guess_style(figures: Iterable[str], moments: Iterable[str], *, currency: str, whole_money: bool) -> Style:
    """How this file writes figures and days, from a sample of its cells.

    `1.500` alone may be either: in a currency without decimals (`whole_money`) its point groups thousands.
    """
    comma = point = dots = commas = 0
    for cell in figures:
        text = re.sub(r"[^0-9.,]", "", cell)
        if "." in text and "," in text:
            if text.rindex(".") > text.rindex(","):
                point += 1
            else:
                comma += 1
        elif text.count(".") > 1:
            comma += 1
        elif text.count(",") > 1:
            point += 1
        elif "." in text:
            point, dots = (point, dots + 1) if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text) else (point + 1, dots)
        elif "," in text:
            comma, commas = (comma, commas + 1) if re.fullmatch(r"[1-9]\d{0,2},\d{3}", text) else (comma + 1, commas)
    if point or comma:
        decimal = "," if comma > point else "."
    elif whole_money:
        decimal = "," if dots >= commas and dots else "."
    else:
        decimal = "."
    first_high = second_high = False
    for cell in moments:
        if found := _LOCAL.match(cell.strip()):
            first_high = first_high or int(found[1]) > 12
            second_high = second_high or int(found[2]) > 12
    return Style(decimal, second_high and not first_high, signs_of(currency))


def is_readable(text: str) -> bool:
    """Whether no byte of the cell was lost, and no control character is in it."""
    return UNREADABLE not in text and not any(char < " " and char not in "\t\n\r" for char in text)

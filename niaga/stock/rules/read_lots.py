"""Lots as people type, paste or scan them: `SKU  LOT  2027-06-30  12`, or a GS1 code such as
`(01)…(17)270630(10)LOT`.

GS1 General Specifications: application identifier 01 is the GTIN, 10 the lot, 11 the day it was made, 17 the day on
which it expires (YYMMDD; a day of 00 is the last of the month), 30 and 37 a count. Without brackets a scanner ends what
is of no fixed length with FNC1 (the character GS).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

_GS = "\x1d"
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_VARIABLE = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "400": 30}
_BRACKETS = re.compile(r"\((\d{2,4})\)([^(]*)")
_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$|^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
MOST_ROWS = 2_000
MOST_LENGTH = 40


class Unreadable(ValueError):
    """A row that is no lot; `row` counts from one."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row, self.text = row, text[:80]


@dataclass(frozen=True, slots=True)
class LotRow:
    """What a row says. `code` is an SKU, a bar code or a GTIN; what is not said is None."""

    code: str
    number: str
    expires_on: date | None = None
    made_on: date | None = None
    quantity: Decimal | None = None


def read_lots(text: str) -> list[LotRow]:
    """The rows of a text, each a lot. Empty rows are passed over.

    :raises Unreadable: a row is no lot, or there are too many
    """
    rows: list[LotRow] = []
    for place, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(place, line)
        rows.append(_row(place, line.strip("\r ")))
    return rows


def _row(place: int, line: str) -> LotRow:
    try:
        if line.startswith(("(", "]")) or _GS in line:
            return _gs1(line)
        parts = [part.strip() for part in (line.split("\t") if "\t" in line else re.split(r"[;\s]+", line))]
        parts = [part for part in parts if part]
        if not 2 <= len(parts) <= 4 or len(parts[1]) > MOST_LENGTH:
            raise ValueError
        expires_on, quantity = None, None
        for part in parts[2:]:
            if _DAY.match(part) and expires_on is None:
                expires_on = _day(part)
            elif quantity is None:
                quantity = _figure(part)
            else:
                raise ValueError
        return LotRow(parts[0], parts[1], expires_on, None, quantity)
    except (ValueError, InvalidOperation) as error:
        raise Unreadable(place, line) from error


def _figure(text: str) -> Decimal:
    quantity = Decimal(text.replace(",", "."))
    if not quantity.is_finite() or quantity <= 0:
        raise ValueError
    return quantity


def _day(text: str) -> date:
    found = _DAY.match(text)
    assert found is not None
    year, month, day, day_, month_, year_ = found.groups()
    return date(int(year or year_), int(month or month_), int(day or day_))


def _gs1(line: str) -> LotRow:
    said = dict(_BRACKETS.findall(line)) if line.startswith("(") else _elements(re.sub(r"^\][A-Za-z]\d", "", line))
    code, number = said.get("01") or said.get("02") or "", said.get("10", "").strip()
    if not re.fullmatch(r"\d{14}", code) or not number or len(number) > 20:
        raise ValueError
    count = said.get("37") or said.get("30")
    return LotRow(
        code.lstrip("0") if code.startswith("0") else code, number, _six(said.get("17") or said.get("15")),
        _six(said.get("11")), _figure(count) if count else None,
    )  # fmt: skip


def _elements(text: str) -> dict[str, str]:
    """The elements of a code without brackets."""
    said: dict[str, str] = {}
    text = text.lstrip(_GS)
    while text:
        name = next((text[:size] for size in (2, 3) if text[:size] in _FIXED or text[:size] in _VARIABLE), None)
        if name is None:
            raise ValueError
        text = text[len(name) :]
        if name in _FIXED:
            value, text = text[: _FIXED[name]], text[_FIXED[name] :].lstrip(_GS)
            if len(value) < _FIXED[name]:
                raise ValueError
        else:
            value, _sep, text = text.partition(_GS)
            if len(value) > _VARIABLE[name]:
                raise ValueError
        said[name] = value
    return said


def _six(text: str | None) -> date | None:
    """YYMMDD, in this century; a day of 00 is the last of its month."""
    if not text:
        return None
    text = text.strip()
    if not re.fullmatch(r"\d{6}", text):
        raise ValueError
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    if not 1 <= month <= 12:
        raise ValueError
    return date(year, month, day or monthrange(year, month)[1])

"""A bank's CSV by its layout."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from niaga.payments.rules.layout import Layout
from niaga.payments.rules.read_lines import (
    MOST_AMOUNT,
    MOST_LINES,
    ReadLine,
    ReadStatement,
    UnreadableStatement,
    tidy,
)

_DAY = re.compile(r"^(\d{1,4})[./\- ](\d{1,2}|[A-Za-z]{3,9})(?:[./\- ](\d{2,4}))?(?:[T ].*)?$", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_ENGLISH = {"may": 5, "aug": 8, "oct": 10, "dec": 12}
_IN, _OUT = {"CR", "C", "K", "KR", "KREDIT", "CREDIT", "+"}, {"DB", "D", "DR", "DEBET", "DEBIT", "-"}
_BALANCES = {
    "saldo awal": "opening",
    "opening balance": "opening",
    "saldo akhir": "closing",
    "closing balance": "closing",
}


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8 where it is that, else Windows-1252.

    :raises UnreadableStatement: empty, or no text
    """
    if not raw.strip():
        raise UnreadableStatement("empty")
    if raw.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"7z")):
        raise UnreadableStatement("not_text")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\x00" in raw[:4096]:
        raise UnreadableStatement("not_text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def rows_of(text: str, delimiter: str = "") -> list[list[str]]:
    """The rows; without a delimiter the one that splits the first lines into most cells.

    :raises UnreadableStatement: a cell without end, too many rows
    """
    csv.field_size_limit(32_767)
    mark = delimiter or _delimiter(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=mark):
            rows.append(row)
            if len(rows) > MOST_LINES + 500:
                raise UnreadableStatement("too_many", MOST_LINES)
    except csv.Error as error:
        raise UnreadableStatement("not_a_table", len(rows) + 1) from error
    return rows


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    return max(",;\t|", key=lambda mark: sum(line.count(mark) for line in lines)) if lines else ","


def read_csv(text: str, layout: Layout, *, today: date) -> ReadStatement:
    """The movements. A row without a day is left out and told; one with a day and no readable amount stops it all.

    :raises UnreadableStatement: the layout is not complete, or a row cannot be read
    """
    if layout.fault:
        raise UnreadableStatement("layout", text=layout.fault)
    rows = rows_of(text, layout.delimiter)
    lines: list[ReadLine] = []
    left: list[tuple[int, str]] = []
    balances = {}
    [day_place] = layout.places("date")
    for number, row in enumerate(rows, start=1):
        said = tidy(" ".join(row), 120)
        name = _BALANCES.get(tidy(row[0]).lower().rstrip(" :=")) if row else None
        if name and number > layout.skip:
            found = [
                one for one in (parse_amount(cell, layout.decimal) for cell in reversed(row[1:])) if one is not None
            ]
            balances[name] = found[0] if found else None
        day = _day(row[day_place], layout.dates, today) if len(row) > day_place and number > layout.skip else None
        if day is None:
            if said and number > layout.skip:
                left.append((number, said))
            continue
        lines.append(_line(row, number, day, layout))
    if not lines:
        raise UnreadableStatement("no_lines")
    if len(lines) > MOST_LINES:
        raise UnreadableStatement("too_many", MOST_LINES)
    if lines[0].date > lines[-1].date:
        lines.reverse()
    return ReadStatement(lines, opening=_opening(lines, balances), closing=_closing(lines, balances), left_out=left)


def _line(row: Sequence[str], number: int, day: date, layout: Layout) -> ReadLine:
    def cell(name: str) -> str:
        places = layout.places(name)
        return row[places[0]].strip().lstrip("'") if places and len(row) > places[0] else ""

    if layout.places("amount"):
        amount = parse_amount(cell("amount"), layout.decimal)
        mark = (cell("mark") or cell("amount").rsplit(" ", 1)[-1]).upper().strip(". ")
        if amount is not None and mark in _OUT:
            amount = -abs(amount)
        elif amount is not None and layout.places("mark") and mark not in _IN:
            raise UnreadableStatement("mark", number, mark[:20])
    else:
        into, out = (parse_amount(cell(name) or "0", layout.decimal) for name in ("money_in", "money_out"))
        if into is not None and out is not None and into and out:
            raise UnreadableStatement("both_ways", number)
        amount = None if into is None or out is None else into - abs(out)
    if amount is None or not amount:
        raise UnreadableStatement("amount", number, tidy(" ".join(row), 60))
    if abs(amount) >= MOST_AMOUNT or amount != amount.quantize(Decimal("0.0001")):
        raise UnreadableStatement("amount", number, tidy(" ".join(row), 60))
    text = tidy(" ".join(row[place] for place in layout.places("text") if place < len(row)))
    return ReadLine(
        date=day, amount=amount, text=text, payer=tidy(cell("payer"), 200), reference=tidy(cell("reference"), 80),
        payer_account=tidy(cell("payer_account"), 40), row=number,
        balance=parse_amount(cell("balance"), layout.decimal) if cell("balance") else None,
    )  # fmt: skip


def parse_amount(text: str, decimal: str) -> Decimal | None:
    """`1.234.567,50`, `Rp 1,234.50`, `(500)`, `500-`, `500.00 DB`; None: it is no amount."""
    bare = re.sub(r"(?i)^(rp|idr|usd)\.?|\b(cr|db|dr|k|d)\.?$", "", text.strip().strip("'")).strip()
    minus = bare.startswith(("-", "(")) or bare.endswith("-")
    bare = bare.strip("()+- ").replace(" ", "").replace("\u00a0", "")
    thousand = "." if decimal == "," else ","
    whole, _mark, rest = bare.partition(decimal)
    if not re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(thousand)}[0-9]{{3}})+|[0-9]{{1,18}}", whole) or not re.fullmatch(
        r"[0-9]{0,4}", rest
    ):
        return None
    try:
        value = Decimal(f"{whole.replace(thousand, '')}.{rest or '0'}")
    except InvalidOperation:
        return None
    return -value if minus else value


def _day(text: str, order: str, today: date) -> date | None:
    found = _DAY.match(text.strip().strip("'"))
    if found is None:
        return None
    parts = [part for part in found.groups() if part is not None]
    names = order.split("/")
    if len(parts) != len(names):
        return None
    by_name = dict(zip(names, parts, strict=True))
    try:
        month = _month(by_name["m"])
        if "y" not in by_name:
            return _latest(int(by_name["d"]), month, today)
        year = int(by_name["y"])
        return date(year + 2000 if year < 100 else year, month, int(by_name["d"]))
    except ValueError:
        return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text[:3].lower()
    return _ENGLISH.get(short) or _MONTHS.index(short) + 1


def _latest(day: int, month: int, today: date) -> date:
    found = date(today.year, month, day)
    return found if found <= today else date(today.year - 1, month, day)


def _opening(lines: Sequence[ReadLine], balances: dict[str, Decimal | None]) -> Decimal | None:
    if balances.get("opening") is not None:
        return balances["opening"]
    first = lines[0]
    return None if first.balance is None else first.balance - first.amount


def _closing(lines: Sequence[ReadLine], balances: dict[str, Decimal | None]) -> Decimal | None:
    return balances["closing"] if balances.get("closing") is not None else lines[-1].balance

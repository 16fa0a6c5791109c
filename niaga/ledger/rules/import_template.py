"""Reading the empty import file of an accounting program: which columns it has, and how it is written.

An archive is measured as it is unpacked, before anything is laid out in memory; the sizes it states may be lies.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 200
MOST_ROWS = 20_000
LOOK_FOR_HEADINGS = 20
LONGEST_HEADING = 120
DELIMITERS = (",", ";", "\t", "|")
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,8})"')
_TAG = re.compile(r"[A-Z][A-Z _]{2,19}")


class UnreadableTemplate(ValueError):
    """`reason` says why: empty, too_large, bomb, macros, old_excel, damaged, too_wide, no_headings, no_text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Level:
    """A row of headings. Where a file has two, each of its rows begins with the `tag` of the headings it follows."""

    tag: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportTemplate:
    """`above` are the rows over the headings, written back as they are."""

    kind: str
    above: tuple[tuple[str, ...], ...]
    levels: tuple[Level, ...]
    sheet: str = ""
    delimiter: str = ","
    mark: bool = False
    """A CSV that begins with a byte order mark."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def template_of(raw: dict[str, Any]) -> ImportTemplate:
    """A template from where it was kept."""
    levels = tuple(Level(one["tag"], tuple(one["headings"])) for one in raw["levels"])
    return ImportTemplate(**{**raw, "above": tuple(map(tuple, raw["above"])), "levels": levels})


def read_template(content: bytes) -> ImportTemplate:
    """:raises UnreadableTemplate: nothing that can be filled"""
    if not content.strip():
        raise UnreadableTemplate("empty")
    if len(content) > MOST_BYTES:
        raise UnreadableTemplate("too_large")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableTemplate("old_excel")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        sheet, rows = _sheet(content)
        tidy = "".join(letter for letter in sheet if letter not in "[]:*?/\\'")[:31]
        return ImportTemplate("xlsx", *_headings(rows), sheet=tidy)
    return _text(content)


def _text(content: bytes) -> ImportTemplate:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableTemplate("no_text")
    lines = text.splitlines()[:LOOK_FOR_HEADINGS]
    delimiter = max(DELIMITERS, key=lambda mark: max(line.count(mark) for line in lines))
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableTemplate("damaged") from error
    above, levels = _headings(rows)
    return ImportTemplate("csv", above, levels, delimiter=delimiter, mark=content.startswith(b"\xef\xbb\xbf"))


def _headings(rows: list[list[str]]) -> tuple[tuple[tuple[str, ...], ...], tuple[Level, ...]]:
    """The first row with at least three cells has the headings; two in a row that begin with a tag belong together."""
    tidy = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    tidy = [row[: max((n for n, cell in enumerate(row, 1) if cell), default=0)] for row in tidy]
    if max(map(len, tidy), default=0) > MOST_COLUMNS:
        raise UnreadableTemplate("too_wide")
    for number, row in enumerate(tidy):
        if sum(bool(cell) for cell in row) < 3:
            continue
        if any(len(cell) > LONGEST_HEADING for cell in row):
            break
        below = tidy[number + 1] if number + 1 < len(tidy) else ()
        if row[0] == "HEADER" and len(below) >= 3 and _TAG.fullmatch(below[0]) and below[0] != "HEADER":
            return tuple(tidy[:number]), (Level(row[0], row), Level(below[0], below))
        return tuple(tidy[:number]), (Level("", row),)
    raise UnreadableTemplate("no_headings")


def _sheet(content: bytes) -> tuple[str, list[list[str]]]:
    _measure(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=LOOK_FOR_HEADINGS)
                if any(any(str(cell).strip() for cell in row) for row in rows):
                    return name, [["" if cell is None else str(cell) for cell in row] for row in rows]
    except CalamineError as error:
        raise UnreadableTemplate("damaged") from error
    raise UnreadableTemplate("empty")


def _measure(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if any(name.endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name for name in names):
                raise UnreadableTemplate("macros")
            if "xl/workbook.xml" not in names:
                raise UnreadableTemplate("damaged")
            if len(parts) > MOST_PARTS:
                raise UnreadableTemplate("bomb")
            whole = 0
            for part in parts:
                whole = _unpack(archive, part, whole)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableTemplate("damaged") from error


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, whole: int) -> int:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(256 * 1024):
            whole += len(chunk)
            if whole > MOST_UNPACKED:
                raise UnreadableTemplate("bomb")
            if "worksheets/" not in part.filename:
                continue
            text = rest + chunk
            for letters, _row in _CELL.findall(text):
                if _column(letters) > MOST_COLUMNS:
                    raise UnreadableTemplate("too_wide")
            if any(int(row) > MOST_ROWS for row in _ROW.findall(text)) or any(
                int(row) > MOST_ROWS for _letters, row in _CELL.findall(text)
            ):
                raise UnreadableTemplate("too_large")
            rest = text[-200:]
    return whole


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

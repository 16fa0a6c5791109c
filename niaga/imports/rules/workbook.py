"""Reading an XLSX of unknown origin. The archive is measured before anything is unpacked into memory."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from niaga.imports.rules.refusals import UnreadableFile

MOST_BYTES = 400 * 1024 * 1024
"""Unpacked, of all parts of the archive."""
MOST_CELLS = 6_000_000
"""Of the rectangle that holds the sheet's cells: that is what the reader lays out in memory."""
MOST_COLUMNS = 500
MOST_PARTS = 2_000
_CHUNK = 1024 * 1024
_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,8})"')
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW_MARK = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")


@dataclass(frozen=True, slots=True)
class Extent:
    """The farthest row and column any sheet uses."""

    rows: int
    columns: int


def is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def is_old_excel(path: Path) -> bool:
    """The compound file of Excel 97, and of an encrypted XLSX."""
    with path.open("rb") as file:
        return file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def measure(path: Path) -> Extent:
    """Unpack the archive in passing, keeping nothing, and stop as soon as it is too much.

    The sizes an archive states about itself may be lies; what counts is what comes out.

    :raises UnreadableFile: a bomb, too many cells, or no workbook
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _measure(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFile("damaged") from error
    except RuntimeError as error:  # zipfile's word for "encrypted"
        raise UnreadableFile("encrypted") from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma"):
            raise UnreadableFile("damaged") from error
        raise


def _measure(archive: zipfile.ZipFile) -> Extent:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise UnreadableFile("zip_bomb", most=MOST_BYTES // 2**20)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnreadableFile("not_a_table")
    whole = rows = columns = 0
    for part in parts:
        is_sheet = bool(_SHEET.match(part.filename))
        is_read = is_sheet or part.filename.endswith((".xml", ".rels"))
        if not is_read:
            continue
        rest = b""
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                whole += len(chunk)
                if whole > MOST_BYTES:
                    raise UnreadableFile("zip_bomb", most=MOST_BYTES // 2**20)
                if is_sheet:
                    text = rest + chunk
                    wide, deep = _farthest(text)
                    columns, rows = max(columns, wide), max(rows, deep)
                    if not wide and (nameless := len(_CELL.findall(text))):  # cells may leave out where they stand
                        columns = max(columns, max(len(_CELL.findall(row)) for row in _ROW_MARK.split(text)))
                        rows += min(nameless, len(_ROW_MARK.findall(text)))
                    if columns > MOST_COLUMNS:
                        raise UnreadableFile("too_wide", most=MOST_COLUMNS)
                    if rows * max(columns, 1) > MOST_CELLS:
                        raise UnreadableFile("too_many_cells", most=MOST_CELLS)
                    rest = text[-200:]
    return Extent(rows, columns)


def _farthest(text: bytes) -> tuple[int, int]:
    letters = set()
    deep = 0
    for word, row in _REFERENCE.findall(text):
        letters.add(word)
        number = int(row)
        if number > deep:
            deep = number
    for row in _ROW.findall(text):
        deep = max(deep, int(row))
    return max(map(_column, letters), default=0), deep


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def workbook_rows(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet that has any, as text: whole numbers without `.0`, days and moments as ISO 8601.

    :raises UnreadableFile: damaged or encrypted
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                if sheet.total_height:
                    for row in sheet.iter_rows():
                        yield [cell if type(cell) is str else as_text(cell) for cell in row]
                    return
    except PasswordError as error:
        raise UnreadableFile("encrypted") from error
    except CalamineError as error:
        raise UnreadableFile("damaged") from error
    raise UnreadableFile("empty")


def as_text(cell: Any) -> str:
    """A cell as a person reads it. Numbers are binary floats in the file: six decimals are what they can be trusted."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return format(round(cell, 6), "f").rstrip("0").rstrip(".") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)

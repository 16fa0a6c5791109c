"""A file as headings and rows, whatever it is."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.text_file import csv_rows, look_through
from niaga.imports.rules.workbook import is_archive, is_old_excel, measure, workbook_rows

MOST_FILE_BYTES = 4 * 1024**3
_SAMPLE = 2_000
_LOOK_FOR_HEADINGS = 30


@dataclass(frozen=True, slots=True)
class Table:
    """`first_row` is the number of the first row after the headings, as a spreadsheet counts."""

    headings: tuple[str, ...]
    rows: Iterator[Sequence[str]]
    first_row: int
    source: str


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV or XLSX and read its headings; the rows stream.

    :raises UnreadableFile: it cannot be read as a table; also while its rows are read
    """
    size = path.stat().st_size
    if not size:
        raise UnreadableFile("empty")
    if size > MOST_FILE_BYTES:
        raise UnreadableFile("too_large", most=MOST_FILE_BYTES // 2**20)
    if is_old_excel(path):
        raise UnreadableFile("old_excel")
    if is_archive(path):
        measure(path)
        yield _table(workbook_rows(path), "XLSX")
        return
    facts = look_through(path)
    with csv_rows(path, facts) as rows:
        try:
            yield _table(rows, f"CSV, {facts.encoding.upper()}")
        except csv.Error as error:
            raise UnreadableFile("not_a_table", line=str(error)) from error


def _table(rows: Iterator[Sequence[str]], source: str) -> Table:
    """The first row with at least two cells has the headings."""
    for number, row in enumerate(islice(rows, _LOOK_FOR_HEADINGS), start=1):
        cells = [str(cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if sum(bool(cell) for cell in cells) >= 2:
            named = [cell for cell in cells if cell]
            if double := next((cell for cell in named if named.count(cell) > 1), None):
                raise UnreadableFile("double_heading", heading=double[:60])
            return Table(tuple(cell[:120] for cell in cells), rows, number + 1, source)
    raise UnreadableFile("no_headings")


def sample(path: Path) -> tuple[tuple[str, ...], list[Sequence[str]], str]:
    """Headings, the first rows, and what kind of file it is."""
    with open_table(path) as table:
        return table.headings, list(islice(table.rows, _SAMPLE)), table.source

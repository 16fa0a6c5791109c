import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from io import StringIO
from itertools import islice, repeat
from typing import Any

from django.db import connection

STAGE = "import_stage"
_ROWS_AT_ONCE = 5_000


def stage_rows(
    *,
    rows: Iterator[Sequence[str]],
    positions: Sequence[tuple[str, int]],
    width: int,
    first_row: int,
    said: Callable[[int], None],
    table: str = STAGE,
    figures: Collection[str] = (),
    marked_row: int | None = None,
) -> int:
    """Stream the cells that are wanted into a temporary table, as text, beside the row they stand in.

    :param positions: our column and the place of its cell
    :param width: how many headings there are; a row with more cells than that has its rest in the column `extra`
    :param said: told how many rows are in, now and then
    :param figures: columns that are staged as numbers, which is faster
    :param marked_row: the place of the cell that holds the row number itself, in a file of corrections
    :returns: rows that hold anything
    :raises DataError: a cell of `figures` is no number; which, must be found out by staging it as text
    """
    names = [name for name, _position in positions]
    places = [position for _name, position in positions]
    columns = ", ".join(f'"{name}" {"numeric" if name in figures else "text"}' for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMP TABLE {table} (row int, extra text, {columns}) ON COMMIT DROP")
        with cursor.copy(f"COPY {table} (row, extra, {quoted}) FROM STDIN (FORMAT csv)") as copy:
            while block := list(islice(rows, _ROWS_AT_ONCE)):
                ready = _ready(block, places, width, first_row, marked_row)
                text = StringIO()
                csv.writer(text, lineterminator="\n").writerows(ready)
                lines = text.getvalue()
                if "\\.\n" in lines:  # a line of its own would end the COPY
                    lines = lines.replace("\n\\.\n", "\n\\. \n")
                copy.write(lines)
                first_row += len(block)
                count += len(ready)
                said(count)
    return count


def _ready(
    block: list[Sequence[str]], places: Sequence[int], width: int, first_row: int, marked_row: int | None
) -> list[tuple[Any, ...]]:
    """Row number, cells beyond the headings, and the cells that are wanted; rows without any cell are left out."""
    if marked_row is None and set(map(len, block)) == {width}:
        columns = list(zip(*block, strict=True))
        wanted = [columns[place] for place in places]
        if any("" not in column for column in wanted):  # then no row is without a cell; the usual file ends here
            return list(zip(range(first_row, first_row + len(block)), repeat(""), *wanted, strict=False))
    ready: list[tuple[Any, ...]] = []
    for number, row in enumerate(block, start=first_row):
        extra = ""
        if len(row) != width:
            extra = " ".join(cell for cell in row[width:] if cell.strip())[:100]
            row = [*row[:width], *([""] * (width - len(row)))]
        if marked_row is not None:
            if not row[marked_row].strip().isdigit():
                continue
            number = int(row[marked_row].strip())
        cells = [row[place] for place in places]
        if any(map(str.strip, cells)) or extra:
            ready.append((number, extra, *cells))
    return ready

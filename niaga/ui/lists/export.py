"""What is shown, as a file: CSV streamed, XLSX written in constant memory. No cell ever runs as a formula."""

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.http import FileResponse, StreamingHttpResponse
from xlsxwriter import Workbook

CHUNK = 2_000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_ROWS = 1_048_575  # rows a sheet holds below its heading


class Exported(Protocol):
    """A column of a file."""

    @property
    def label(self) -> Any: ...

    @property
    def export(self) -> Callable[[Any], Any]: ...


class Streamed(Protocol):
    """Rows that are read while they are written: a queryset, or what makes more of one."""

    def iterator(self, *, chunk_size: int) -> Iterator[Any]: ...


def harmless(text: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


class Echo:
    def write(self, text: str) -> str:
        return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return harmless(str(value))


def csv_response(columns: Sequence[Exported], rows: Streamed, name: str) -> StreamingHttpResponse:
    writer = csv.writer(Echo())

    def stream() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([harmless(str(column.label)) for column in columns])
        for row in rows.iterator(chunk_size=CHUNK):
            yield writer.writerow([_cell(column.export(row)) for column in columns])

    return StreamingHttpResponse(
        stream(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def xlsx_response(columns: Sequence[Exported], rows: Streamed, name: str, title: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or None)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        sheet.write_string(0, position, str(column.label), bold)
    for number, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        if number > MOST_ROWS:
            break
        for position, column in enumerate(columns):
            value = column.export(row)
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(number, position, value)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, position, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(number, position, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, position, value, day)
            else:
                sheet.write_string(number, position, str(value)[:32_767])
    sheet.autofilter(0, 0, 0, max(len(columns) - 1, 0))
    book.close()
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )

"""An export as the import file of an accounting program: its own headings, filled line by line, read on in chunks."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext
from xlsxwriter import Workbook

from niaga.core.api import plain
from niaga.ledger.errors import ProfileNotReady, TooLongForASheet
from niaga.ledger.models import JournalProfile
from niaga.ledger.queries.journal_export import ExportedLines, JournalRow, lines_of_export
from niaga.ledger.queries.journal_profiles import journal_profile_for
from niaga.organization.access import Actor
from niaga.organization.queries.branches import branch_names
from niaga.ui.lists import export as writing

Cells = list[Any]
_TEXT: dict[str, Callable[[JournalRow], Any]] = {
    "date": lambda row: row.date,
    "number": lambda row: row.number,
    "entry": lambda row: str(row.entry_id),
    "kind": lambda row: row.kind,
    "code": lambda row: row.code,
    "account": lambda row: row.account,
    "description": lambda row: row.description,
    "debit": lambda row: max(row.amount, Decimal(0)),
    "credit": lambda row: max(-row.amount, Decimal(0)),
    "side": lambda row: "D" if row.amount > 0 else "K",
    "customer": lambda row: row.customer,
    "currency": lambda row: row.currency,
}


def profile_file(*, export_id: UUID, profile_id: UUID, by: Actor) -> HttpResponseBase:
    """The file of an export in the columns of a profile, as XLSX or CSV like the template that it came from.

    :raises Forbidden: the person may not export the books
    :raises NotFound: there is no such export or profile
    :raises BooksMovedOn: something was posted in its days since
    :raises ProfileNotReady: its columns do not hold the journal yet
    :raises TooLongForASheet: a sheet does not hold so many lines
    """
    export, lines = lines_of_export(export_id=export_id, by=by)
    profile = journal_profile_for(profile_id=profile_id, by=by)
    if not profile.is_ready:
        raise ProfileNotReady()
    template = profile.template
    name = f"{gettext('journal')}-{slugify(profile.name) or 'import'}-{export.since}-{export.until}.{template.kind}"
    most = writing.MOST_ROWS + 1 - len(template.above) - len(template.levels)
    if template.kind == "xlsx" and export.lines * len(template.levels) > most:
        raise TooLongForASheet()
    rows = _rows(profile, lines, branch_names(profile.company_id))
    return _sheet(profile, rows, name) if template.kind == "xlsx" else _text(profile, rows, name)


def _rows(profile: JournalProfile, lines: ExportedLines, branches: dict[UUID, str]) -> Iterator[Cells]:
    levels = list(zip(profile.template.levels, profile.columns, strict=True))
    read = _reader(profile, branches)
    latest: UUID | None = None
    for row in lines.iterator(chunk_size=writing.CHUNK):
        for level, columns in levels if row.entry_id != latest else levels[-1:]:
            cells = [read(source, row) for source in columns]
            yield [level.tag, *cells[1:]] if level.tag else cells
        latest = row.entry_id


def _reader(profile: JournalProfile, branches: dict[UUID, str]) -> Callable[[str, JournalRow], Any]:
    signed = not any("side" in columns for columns in profile.columns)
    sheet = profile.template.kind == "xlsx"

    def read(source: str, row: JournalRow) -> Any:
        if source == "branch":
            return branches.get(row.branch_id, "") if row.branch_id else ""
        if source == "amount":
            return row.amount if signed else abs(row.amount)
        value = _TEXT[source](row) if source else None
        if source != "date":
            return value
        if profile.dates == "day":
            return row.date if sheet else row.date.isoformat()
        return row.date.strftime(profile.dates)

    return read


def _text(profile: JournalProfile, rows: Iterator[Cells], name: str) -> StreamingHttpResponse:
    template = profile.template
    writer = csv.writer(writing.Echo(), delimiter=template.delimiter)

    def cell(value: Any) -> str:
        if isinstance(value, Decimal):
            return plain(value).replace(".", profile.decimal)
        return "" if value is None else writing.harmless(str(value))

    def stream() -> Iterator[str]:
        yield "\ufeff" if template.mark else ""
        for row in (*template.above, *(level.headings for level in template.levels)):
            yield writer.writerow([writing.harmless(one) for one in row])
        for cells in rows:
            yield writer.writerow([cell(one) for one in cells])

    return StreamingHttpResponse(
        stream(), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def _sheet(profile: JournalProfile, rows: Iterator[Cells], name: str) -> FileResponse:
    template = profile.template
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(template.sheet or None), book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    head = (*template.above, *(level.headings for level in template.levels))
    for number, titles in enumerate(head):
        for position, title in enumerate(titles):
            sheet.write_string(number, position, title, bold)
    for number, cells in enumerate(rows, start=len(head)):
        for position, value in enumerate(cells):
            if isinstance(value, Decimal):
                sheet.write_number(number, position, value)
            elif value is not None and not isinstance(value, str):
                sheet.write_datetime(number, position, value, day)
            elif value:
                sheet.write_string(number, position, value[:32_767])
    book.close()
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=name,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip

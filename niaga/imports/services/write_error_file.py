from collections.abc import Sequence
from uuid import UUID, uuid4

import xlsxwriter
from django.db import connection
from django.utils.translation import gettext as _

from niaga.imports.services.data_folder import place_for
from niaga.imports.services.staged import FINDINGS, STAGE
from niaga.imports.wording import column_name, reason_of

MOST = 100_000
"""Faulty rows in one error file."""


def write_error_file(*, batch_id: UUID, columns: Sequence[str]) -> str:
    """Write the faulty rows as an XLSX to be corrected and sent again: row, reason, and the cells as they came.

    Every cell is written as text, so that a formula from the file stays words. Returns the name to keep.
    """
    path, kept = place_for(batch_id, "errors.xlsx")
    names = ", ".join(f's."{name}"::text' for name in columns)
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Errors")[:31])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    bad = book.add_format({"bg_color": "#FDE8E4", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    why = book.add_format({"font_color": "#B3341C"})
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, len(columns) + 1, 18, text)
    for place, name in enumerate([_("Row"), _("Reason"), *(column_name(name) for name in columns)]):
        sheet.write_string(0, place, name, head)
    connection.ensure_connection()
    with connection.connection.cursor(name=f"errors_{uuid4().hex}") as cursor:
        cursor.itersize = 1_000
        cursor.execute(
            f"SELECT f.row, f.found, {names} FROM (SELECT row, array_agg(ARRAY[col, code, coalesce(value, '')]"
            f" ORDER BY col) AS found FROM {FINDINGS} GROUP BY row) f JOIN {STAGE} s USING (row)"
            " ORDER BY f.row LIMIT %s",
            [MOST],
        )
        for line, (row, found, *cells) in enumerate(cursor, start=1):
            sheet.write_number(line, 0, row)
            reasons = [f"{column_name(col)}: {reason_of(code, value)}" for col, code, value in found[:8]]
            sheet.write_string(line, 1, " ".join(reasons), why)
            faulty = {col for col, _code, _value in found}
            for place, (name, cell) in enumerate(zip(columns, cells, strict=True), start=2):
                if name in faulty:
                    sheet.write_string(line, place, cell or "", bad)
                elif cell:
                    sheet.write_string(line, place, cell, text)
    book.close()
    return kept

import io

import xlsxwriter
from django.utils.translation import gettext as _

from niaga.imports.rules.kinds import KINDS, Shape
from niaga.imports.wording import COLUMN_HINTS, KIND_NAMES, column_name


def write_template(kind: str) -> bytes:
    """An XLSX to fill in: headings in the reader's language, two example rows, and a sheet about the columns."""
    columns = KINDS[kind].columns
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(str(KIND_NAMES[kind])[:31])
    needed = book.add_format({"bold": True, "bg_color": "#D5EFEA", "bottom": 1})
    head = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        is_text = column.shape == Shape.TEXT
        sheet.set_column(place, place, 18, text if is_text else None)
        sheet.write_string(0, place, column_name(column.name), needed if column.required else head)
        for line, example in enumerate(column.examples, start=1):
            if example and column.shape == Shape.NUMBER:
                sheet.write_number(line, place, float(example))
            elif example:
                sheet.write_string(line, place, example)
    about = book.add_worksheet(_("About the columns")[:31])
    about.set_column(0, 0, 28, wrap)
    about.set_column(1, 1, 12, wrap)
    about.set_column(2, 3, 48, wrap)
    for place, title in enumerate((_("Column"), _("Needed"), _("What stands there"), _("Example"))):
        about.write_string(0, place, title, head)
    for line, column in enumerate(columns, start=1):
        about.write_string(line, 0, column_name(column.name))
        about.write_string(line, 1, _("yes") if column.required else "")
        about.write_string(line, 2, str(COLUMN_HINTS.get(column.name, "")))
        about.write_string(line, 3, column.examples[0])
    book.close()
    return out.getvalue()

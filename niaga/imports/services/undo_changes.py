from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from niaga.catalog.services.restore_products import restore_products
from niaga.core.inputs import Changed
from niaga.imports.models import ImportBatch, ImportChange
from niaga.imports.queries.keys import load_keys
from niaga.imports.services import customer_changes, product_changes
from niaga.imports.wording import column_name
from niaga.organization.access import Actor
from niaga.parties.services.restore_customers import restore_customers

ROWS_AT_ONCE = 1_000
MOST_LINES = 100
_TOUCHED = """
SELECT t.{code} FROM {table} t
LEFT JOIN (
  SELECT c.subject_id, count(*) AS times FROM imports_importchange c
  JOIN imports_importbatch b ON b.id = c.batch_id WHERE b.status = 'undone' GROUP BY 1
) undone ON undone.subject_id = t.id
WHERE t.import_batch_id = %s::uuid AND t.version <> 1 + 2 * coalesce(undone.times, 0) ORDER BY t.{code} LIMIT {most}
"""
"""A row's version rises by one with each change; an import that was undone changed it twice."""


def touched_since(batch_id: UUID, table: str, code: str) -> list[dict[str, Any]]:
    """Rows that the import created and somebody, or another import, changed since."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED.format(table=table, code=code, most=MOST_LINES), [batch_id])
        return [{"message": _("Changed since the import"), "rows": 1, "codes": [row[0]]} for row in cursor.fetchall()]


def undo_changes(*, batch: ImportBatch, by: Actor, at: datetime) -> tuple[int, list[dict[str, Any]]]:
    """Put back what the import changed. Returns how many rows, and what stands against it, row by row."""
    restore = restore_customers if batch.kind == "customers" else restore_products
    show = customer_changes.shown_fact if batch.kind == "customers" else product_changes.shown_fact
    names = load_keys(batch.company_id).names
    rows = ImportChange.objects.filter(batch=batch).order_by("subject_id").iterator(ROWS_AT_ONCE)
    note = _("Undo of the import %(file)s") % {"file": batch.file_name}
    restored, against = 0, list[dict[str, Any]]()
    while block := list(islice(rows, ROWS_AT_ONCE)):
        changes = [Changed(row.subject_id, row.before, row.after) for row in block]
        differing = restore(company_id=batch.company_id, changes=changes, by=by, at=at, note=note)
        restored += len(block)
        for row in block:
            for name, now in differing.get(row.subject_id, {}).items():
                shown, written = show(name, now, names), show(name, row.after[name], names)
                if shown and written and len(against) < MOST_LINES:
                    words = {"column": column_name(shown[0]), "now": shown[1] or "—", "then": written[1] or "—"}
                    message = _("%(column)s is “%(now)s” by now; the import wrote “%(then)s”") % words
                    against.append({"message": message, "rows": 1, "codes": [row.code]})
    return restored, against

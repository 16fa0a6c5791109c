from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from niaga.core.batch import Batch
from niaga.core.ids import new_id


def replace_lines(
    *,
    batch: Batch,
    model: type[models.Model],
    key: str,
    document_id: UUID,
    rows: Sequence[dict[str, Any]],
    fresh: Collection[UUID] = (),
) -> None:
    """Put `rows` in the place of a locked draft's lines; a line that is still there keeps its id.

    `fresh` ids were made here, for new lines. The old lines go at once, by a statement of their own: one statement
    cannot delete and insert the same key.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {key} = %s::uuid RETURNING id", [document_id])
        known = {row[0] for row in cursor.fetchall()} | set(fresh)
    taken: set[UUID] = set()
    kept = []
    for row in rows:
        line_id = row["id"] if row["id"] in known and row["id"] not in taken else new_id()
        taken.add(line_id)
        kept.append({**row, "id": line_id})
    batch.insert(model, kept, **{key: document_id})

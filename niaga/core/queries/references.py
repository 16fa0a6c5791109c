"""What names rows of a table: asked of the database's own foreign keys, so that no app is forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

_KEYS = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = to_regclass(%s) AND array_length(c.conkey, 1) = 1 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Named:
    """`rows` rows of `table` name one of the rows asked about."""

    table: str
    rows: int


def rows_naming(
    *, table: str, batch_id: UUID, own: Collection[str], more: Collection[tuple[str, str]] = ()
) -> list[Named]:
    """What names the rows of `table` that an import batch made, beside the app's `own` tables.

    :param more: further (table, column) that name them without a foreign key
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [table])
        keys = [(name, column) for name, column in cursor.fetchall() if name not in own]
        found = []
        for name, column in [*keys, *more]:
            cursor.execute(
                f'SELECT count(*) FROM {name} WHERE "{column}" IN'
                f" (SELECT id FROM {table} WHERE import_batch_id = %s::uuid)",
                [batch_id],
            )
            if rows := cursor.fetchone()[0]:
                found.append(Named(name, rows))
    return found

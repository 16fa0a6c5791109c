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

_CODES = 20


@dataclass(frozen=True, slots=True)
class Named:
    """`rows` rows of `table` name rows asked about; `codes` are the first of those."""

    table: str
    rows: int
    codes: tuple[str, ...] = ()


def rows_naming(
    *, table: str, batch_id: UUID, own: Collection[str], more: Collection[tuple[str, str]] = (), code: str = "code"
) -> list[Named]:
    """What names the rows of `table` that an import batch made, beside the app's `own` tables.

    :param code: the column of `table` that people know its rows by
    :param more: further (table, column) that name them without a foreign key
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [table])
        keys = [(name, column) for name, column in cursor.fetchall() if name not in own]
        found = []
        for name, column in [*keys, *more]:
            cursor.execute(
                f'SELECT count(*), (array_agg(DISTINCT t."{code}" ORDER BY t."{code}"))[:{_CODES}]'
                f' FROM {name} n JOIN {table} t ON t.id = n."{column}" WHERE t.import_batch_id = %s::uuid',
                [batch_id],
            )
            rows, codes = cursor.fetchone()
            if rows:
                found.append(Named(name, rows, tuple(codes)))
    return found

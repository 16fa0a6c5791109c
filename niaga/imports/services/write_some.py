from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.imports.services.staged import Cells, Run

Row = TypeVar("Row")
Done = TypeVar("Done")


def write_some(
    run: Run,
    cells: Sequence[Cells],
    rows: Sequence[Row],
    found: list[tuple[int, str, str, str]],
    write: Callable[[list[Row]], list[Done]],
    column_of: Callable[[str], str],
) -> tuple[list[Cells], list[Done]]:
    """Hand sound rows to the service that writes them; what it refuses is noted beside its row and column.

    Returns the rows that were written and what the service answered: nothing when one of them was refused, for nothing
    of the file will be written.
    """
    faulty = {row for row, _column, _code, _value in found}
    sound = [(cell, row) for cell, row in zip(cells, rows, strict=True) if cell.row not in faulty]
    run.find_all(found)
    found.clear()
    if not sound:
        return [], []
    try:
        with transaction.atomic():
            done = write([row for _cell, row in sound])
    except Refusal as refusal:
        answers = refusal.lines or [{"line": 1, "field": refusal.field or "", "message": str(refusal.message)}]
        run.find_all(
            [
                (
                    sound[int(answer.get("line", 1)) - 1][0].row,
                    column_of(str(answer.get("field") or refusal.field or "")),
                    "refused",
                    str(answer.get("message") or refusal.message),
                )
                for answer in answers
            ]
        )
        return [], []
    return [cell for cell, _row in sound], done

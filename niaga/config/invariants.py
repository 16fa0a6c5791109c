"""Runs the registered invariant checks over the data."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from niaga.core.registry import invariants

KEPT = 20


@dataclass(frozen=True, slots=True)
class Broken:
    """What one check found: how many rows break the promise (none: it holds), and the first of them."""

    name: str
    promise: str
    count: int
    seconds: float
    rows: list[dict[str, Any]] = field(default_factory=list)


def check_invariants() -> Iterator[Broken]:
    """Every check in turn, all on the same snapshot of the data, changing nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for name, check in invariants:
            started = time.monotonic()
            cursor.execute(check.sql)
            columns = [column.name for column in cursor.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchmany(KEPT)]
            count = max(cursor.rowcount, len(rows))
            yield Broken(name, check.promise, count, time.monotonic() - started, rows)

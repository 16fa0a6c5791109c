"""The floor under a verb: the very rows that its service writes, sent again as raw SQL with new keys, and nothing else.

`recording` notes the writing statements of one run through the services, transaction by transaction. `Replay` sends
them again over a plain psycopg connection: same statements, same rows, same number of transactions, no reads, no rules.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Recorded:
    """What one run wrote: statements by transaction, and how many statements the services ran in all."""

    transactions: list[list[tuple[str, list[Any]]]] = field(default_factory=list)
    statements: int = 0


@contextmanager
def recording() -> Iterator[Recorded]:
    """Note every statement; those of `Batch.write` with their values. One service call is one transaction."""
    notes = Recorded()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        notes.statements += 1
        if sql.startswith("WITH ") and "INSERT INTO" in sql:
            notes.transactions.append([(sql, list(params))])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield notes


class Replay:
    """Sends recorded transactions again. `known` are keys that stay: company, customer, products, people."""

    def __init__(self, notes: Recorded, known: set[UUID], dsn: str) -> None:
        self.notes = notes
        self.known = known
        self.connection = psycopg.connect(dsn, prepare_threshold=1, cursor_factory=psycopg.Cursor)

    def prepared(
        self, only: int | None = None, keys: dict[UUID, UUID] | None = None
    ) -> list[list[tuple[str, list[Any]]]]:
        """The transactions with fresh keys (or the given ones, where rows exist already). Not part of the time."""
        fresh: dict[UUID, UUID] = dict(keys or {})

        def mapped(value: Any) -> Any:
            if isinstance(value, UUID):
                return value if value in self.known else fresh.setdefault(value, uuid4())
            if isinstance(value, str) and value.startswith(("[", "{")):
                return _UUID.sub(lambda found: str(mapped(UUID(found[0]))), value)
            return [mapped(item) for item in value] if isinstance(value, list) else value

        chosen = self.notes.transactions if only is None else [self.notes.transactions[only]]
        return [[(sql, [mapped(value) for value in params]) for sql, params in one] for one in chosen]

    def run(self, transactions: list[list[tuple[str, list[Any]]]]) -> None:
        """Send them: execute and commit, nothing else."""
        for statements in transactions:
            for sql, params in statements:
                self.connection.execute(sql, params)
            self.connection.commit()

    def close(self) -> None:
        self.connection.close()

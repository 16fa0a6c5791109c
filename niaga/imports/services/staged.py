"""Staged rows and findings: what every service that moves a kind in reads and writes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from niaga.imports.rules.kinds import Kind
from niaga.imports.rules.values import BadFigure, BadMoment, Style, is_readable, read_figure, read_moment, read_yes
from niaga.organization.access import Actor

STAGE = "import_stage"
FINDINGS = "import_finding"
ROWS_AT_ONCE = 1_000

Said = Callable[[int], None]


@dataclass(slots=True)
class Run:
    """One run over one file: who, when, for which company, and how the file writes figures."""

    batch_id: UUID
    file_name: str
    company_id: UUID
    currency: str
    country: str
    kind: Kind
    columns: tuple[str, ...]
    style: Style
    by: Actor
    at: datetime
    said: Said
    update: bool = False
    """What is there already is brought up to date instead of refused."""
    undo: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, Any] = field(default_factory=dict)

    def find(self, row: int, column: str, code: str, value: str = "") -> None:
        """Note that a cell is not taken."""
        self.find_all([(row, column, code, value)])

    def find_all(self, items: Sequence[tuple[int, str, str, str]]) -> None:
        if not items:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {FINDINGS} SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])",
                [list(part) for part in zip(*((r, c, k, v[:200].replace("\x00", "")) for r, c, k, v in items),
                                            strict=True)],
            )  # fmt: skip


class Cells:
    """One row: its cells as values. What cannot be read is noted, and reads as nothing."""

    __slots__ = ("_cells", "_found", "_run", "row")

    def __init__(self, run: Run, row: int, cells: Mapping[str, str], found: list[tuple[int, str, str, str]]) -> None:
        self._run, self.row, self._cells, self._found = run, row, cells, found

    def fault(self, column: str, code: str, value: str = "") -> None:
        fault = (self.row, column, code, value)
        if fault not in self._found:
            self._found.append(fault)

    def given(self, column: str) -> str:
        """What the cell says; nothing is no fault."""
        text = self._cells.get(column) or ""
        if text and not is_readable(text):
            self.fault(column, "unreadable", text)
            return ""
        return text.strip()

    def text(self, column: str) -> str:
        text = self.given(column)
        if (
            not (self._cells.get(column) or "").strip()
            and column in self._run.columns
            and self._run.kind.column(column).required
        ):
            self.fault(column, "missing")
        return text

    def once(self, column: str, seen: set[str]) -> None:
        """Note a key that came before in the file, regardless of case."""
        text = self.given(column)
        if text and text.casefold() in seen:
            self.fault(column, "twice", text)
        seen.add(text.casefold())

    def key(self, column: str, among: Mapping[str, UUID]) -> UUID | None:
        """The id behind a code or name."""
        word = self.text(column)
        found = among.get(word.casefold())
        if word and found is None:
            self.fault(column, "unknown", word)
        return found

    def figure(self, column: str) -> Decimal | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return read_figure(text, self._run.style)
        except BadFigure as bad:
            self.fault(column, bad.code, text)
            return None

    def money(self, column: str) -> Decimal | None:
        """A price: no negative one, and none that the database would have to cut."""
        value = self.figure(column)
        if value is None:
            return None
        if value < 0:
            self.fault(column, "not_a_figure", str(value))
            return None
        return value

    def moment(self, column: str) -> datetime | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return read_moment(text, self._run.style)
        except BadMoment:
            self.fault(column, "not_a_day", text)
            return None

    def yes(self, column: str) -> bool:
        text = self.text(column)
        answer = read_yes(text)
        if answer is None:
            self.fault(column, "not_yes_or_no", text)
        return bool(answer)


def staged_rows(run: Run, found: list[tuple[int, str, str, str]]) -> Iterator[list[Cells]]:
    """All staged rows in the order of the file, some at a time, through a cursor of the server."""
    names = ", ".join(f'"{name}"' for name in run.columns)
    connection.ensure_connection()
    done = 0
    with connection.connection.cursor(name=f"staged_{uuid4().hex}") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(f"SELECT row, {names} FROM {STAGE} ORDER BY row")
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield [Cells(run, row[0], dict(zip(run.columns, row[1:], strict=True)), found) for row in rows]
            done += len(rows)
            run.said(done)

"""A page of a list, found by the key of the row before or after it: page 3,000 costs what page 2 costs, and rows that
come or go meanwhile make nobody see a row twice or miss one.

The key stands in the address as `after` or `before`, signed for this list and this order; anything else there means the
first page. With it goes where the page stood (`51–100 of 1.234`), which is a help for the reader and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Expression, F, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.constants import LOUTER
from django.http import QueryDict

from niaga.core.queries.keyset import after, turned

NAMES = ("after", "before")
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows, the place of the first of them (from 1), and the keys that lead on and back ("": there is nothing)."""

    rows: list[Any]
    start: int = 0
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row that a page follows, or with `back` precedes; `place` is how many rows stood up to it."""

    values: list[Any]
    place: int
    back: bool


def page_of(rows: Rows, *, order: Sequence[str], size: int, count: int, query: QueryDict, salt: str) -> Page:
    """The page that the address asks for. One statement; two when what it names is gone."""
    salt = f"{salt}:{','.join(order)}"
    keys = [f"_key_{number}" for number in range(len(order))]
    rows = rows.annotate(**{key: F(name.lstrip("-")) for key, name in zip(keys, order, strict=True)})
    by_key = [f"-{key}" if name.startswith("-") else key for key, name in zip(keys, order, strict=True)]
    columns = [rows.query.annotations[key] for key in keys]
    cursor = _read(query, columns, salt)
    found: list[Any] = []
    if cursor is not None:
        direction = turned(by_key) if cursor.back else by_key
        nullable = [_may_be_null(rows, column) for column in columns]
        beyond = rows.filter(after(direction, cursor.values, nullable=nullable))
        found = list(beyond.order_by(*turned(order) if cursor.back else order)[: size + 1])
    if cursor is None or (len(found) <= size if cursor.back else not found):
        cursor = None
        found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    back = cursor is not None and cursor.back
    if back:
        found.reverse()
    has_previous, has_next = (more, True) if back else (cursor is not None, more)
    start = 1 if cursor is None else cursor.place - size + 1 if back else cursor.place + 1
    if not has_next:
        start = count - len(found) + 1
    start = min(max(start, 1), max(count - len(found) + 1, 1))
    return Page(
        found,
        start if found else 0,
        _write(found[0], keys, start, salt) if has_previous else "",
        _write(found[-1], keys, start + len(found) - 1, salt) if has_next else "",
    )


def _write(row: Any, keys: Sequence[str], place: int, salt: str) -> str:
    values = [row[key] if isinstance(row, dict) else getattr(row, key) for key in keys]
    plain = [value if value is None or isinstance(value, bool | int | str) else _text(value) for value in values]
    return Signer(salt=salt).sign_object([place, *plain])


def _text(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _read(query: QueryDict, columns: Sequence[Any], salt: str) -> Cursor | None:
    """The key in the address; None when there is none, or none that this list gave out in this order."""
    name = next((name for name in NAMES if query.get(name)), None)
    if name is None:
        return None
    try:
        place, *plain = Signer(salt=salt).unsign_object(str(query[name]))
        values = [
            None if value is None else column.output_field.to_python(value)
            for value, column in zip(plain, columns, strict=True)
        ]
    except (BadSignature, ValidationError, ValueError):
        return None
    return Cursor(values, place - 1 if name == "before" else place, name == "before")


def _may_be_null(rows: Rows, column: Any) -> bool:
    if isinstance(column, Col):
        joined = rows.query.alias_map.get(column.alias)
        return bool(column.target.null) or (joined is not None and joined.join_type == LOUTER)
    sources = column.get_source_expressions() if isinstance(column, Expression) else []
    return not sources or any(_may_be_null(rows, source) for source in sources if source is not None)

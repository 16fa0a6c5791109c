"""Several questions to the database as one statement: what a page gathers from many apps costs one way there."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

T = TypeVar("T")
U = TypeVar("U")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """Rows in SQL. `columns` names them in their order, each with what reads its JSON value."""

    sql: str
    params: Sequence[Any]
    columns: Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Rows to read (a queryset with `.values(…)`, or SQL), and what they tell. Nothing is read before `ask`."""

    rows: QuerySet[Any, Any] | Written
    tell: Callable[[list[Row]], T]

    def then(self, further: "Callable[[T], U]") -> "Question[U]":
        """The same question, whose answer is taken further."""
        return Question(self.rows, lambda rows: further(self.tell(rows)))


def ask(*given: Any) -> list[Any]:
    """The answers in the order given, the questions among them read by one statement; what is no question is its own
    answer. Without a question nothing is sent.
    """
    written = {place: _written(one.rows) for place, one in enumerate(given) if isinstance(one, Question)}
    asked = {place: one for place, one in written.items() if one is not None}
    found: dict[int, list[Row]] = {}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(_part(place, one) for place, one in asked.items()),
                [value for one in asked.values() for value in one.params],
            )
            found = {place: _rows(text, asked[place]) for place, text in cursor.fetchall()}
    return [one.tell(found.get(place, [])) if isinstance(one, Question) else one for place, one in enumerate(given)]


def _part(place: int, one: Written) -> str:
    names = ", ".join(f"c{number}" for number in range(len(one.columns)))
    return f"SELECT {place}, (SELECT json_agg(json_build_array({names}))::text FROM ({one.sql}) AS q({names}))"


def _rows(text: str | None, one: Written) -> list[Row]:
    """Numbers stay exact: no float stands between numeric and Decimal."""
    readers = list(one.columns.items())
    return [
        {name: None if value is None else read(value) for (name, read), value in zip(readers, row, strict=True)}
        for row in json.loads(text or "[]", parse_float=Decimal)
    ]


def _written(rows: QuerySet[Any, Any] | Written) -> Written | None:
    """A queryset as SQL, with its fields as readers; None when it can have no row."""
    if isinstance(rows, Written):
        return rows
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return Written(sql, params, readers(rows.query, compiler))


def readers(query: Any, compiler: Any) -> dict[str, Callable[[Any], Any]]:
    """The selected names of a compiled query with `.values(…)`, each with what reads its JSON value."""
    selected = [expression for expression, _sql, _alias in compiler.select]
    names = list(query.selected or ())
    return {name: one.output_field.to_python for name, one in zip(names, selected, strict=True)}

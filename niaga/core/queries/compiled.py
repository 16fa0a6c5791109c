"""A queryset of a key and the like, made into SQL once.

Building a statement costs Python more than running it costs PostgreSQL. What a verb or a page asks each time in the
same shape is therefore written as a queryset, compiled at its first use, and sent with other values from then on.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from niaga.core.queries.together import Written, readers

_STAND_INS: dict[type, Any] = {
    UUID: UUID("ffffffff-ffff-4fff-bfff-ffffffffffff"),
    str: "stands where a word will",
    date: date(9999, 12, 30),
}


class Compiled:
    """Ask `build(*values)`, a queryset, for any values; a lock in it is taken as ever.

    :param kinds: the types of the values, each type once: a key alone, unless said otherwise. A value must be compared
        as it is given: not be taken apart, nor decide what the queryset looks like
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self.build = build
        self.stand_ins = [_STAND_INS[kind] for kind in kinds or (UUID,)]

    def rows(self, *values: Any) -> list[Any]:
        """The rows of a queryset with `.values_list(…)` as tuples, each value as its field reads it."""
        sql, _params, compiler, converters = self._made
        with connection.cursor() as cursor:
            cursor.execute(sql, self._params(values))
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    def mappings(self, *values: Any) -> list[dict[str, Any]]:
        """The rows of a queryset with `.values(…)` by their names."""
        return [dict(zip(self._readers, row, strict=True)) for row in self.rows(*values)]

    def written(self, *values: Any) -> Written:
        """A queryset with `.values(…)` as the rows of a question that is asked together with others."""
        return Written(self._made[0], self._params(values), self._readers)

    def objects(self, *values: Any) -> list[Any]:
        """The objects of a queryset of objects, each with what it is annotated by and `select_related` joins."""
        model, columns, names, related, annotated = self._shape
        found = []
        for row in self.rows(*values):
            one = model.from_db(connection.alias, names, row[columns])
            for each in related:
                each.populate(row, one)
            for name, place in annotated:
                setattr(one, name, row[place])
            found.append(one)
        return found

    def one(self, *values: Any) -> Any:
        """The first of the objects; None without one."""
        return next(iter(self.objects(*values)), None)

    @cached_property
    def _shape(self) -> tuple[Any, slice, list[str], list[Any], list[tuple[str, int]]]:
        compiler = self._made[2]
        info, select = compiler.klass_info, compiler.select
        own = info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        names = [column.target.attname for column, _sql, _alias in select[columns]]
        related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # later Django's stubs
        return info["model"], columns, names, related, list(compiler.annotation_col_map.items())

    @cached_property
    def _readers(self) -> dict[str, Callable[[Any], Any]]:
        compiler = self._made[2]
        return readers(compiler.query, compiler)

    def _params(self, values: Sequence[Any]) -> list[Any]:
        return [param if place is None else values[place] for param, place in self._made[1]]

    @cached_property
    def _made(self) -> tuple[str, list[tuple[Any, int | None]], Any, dict[int, Any]]:
        compiler = self.build(*self.stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = [self.stand_ins.index(param) if param in self.stand_ins else None for param in params]
        assert set(places) >= set(range(len(self.stand_ins))), "a value is not compared as it is given"
        return (
            sql,
            list(zip(params, places, strict=True)),
            compiler,
            compiler.get_converters([column for column, _sql, _alias in compiler.select]),
        )

"""A queryset of one key, made into SQL once.

Building a statement costs Python more than running it costs PostgreSQL. What a verb asks each time in the same shape
is therefore written as a queryset, compiled at its first use, and sent with another key from then on.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

_KEY = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")  # stands where the key will


class Compiled:
    """Ask `build(key)`, a queryset, for any key; a lock in it is taken as ever."""

    def __init__(self, build: Callable[[UUID], QuerySet[Any, Any]]) -> None:
        self.build = build

    def rows(self, key: UUID) -> list[Any]:
        """The rows of a queryset with `.values_list(…)` as tuples, each value as its field reads it."""
        sql, params, compiler, converters = self._made
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if value == _KEY else value for value in params])
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    def one(self, key: UUID) -> Any:
        """The first object of a queryset of objects, with what `select_related` joins to it; None without one."""
        row = next(iter(self.rows(key)), None)
        if row is None:
            return None
        model, columns, names, related = self._shape
        found = model.from_db(connection.alias, names, row[columns])
        for each in related:
            each.populate(row, found)
        return found

    @cached_property
    def _shape(self) -> tuple[Any, slice, list[str], list[Any]]:
        compiler = self._made[2]
        info, select = compiler.klass_info, compiler.select
        own = info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        names = [column.target.attname for column, _sql, _alias in select[columns]]
        related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # later Django's stubs
        return info["model"], columns, names, related

    @cached_property
    def _made(self) -> tuple[str, list[Any], Any, dict[int, Any]]:
        compiler = self.build(_KEY).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return (
            sql,
            list(params),
            compiler,
            compiler.get_converters([column for column, _sql, _alias in compiler.select]),
        )

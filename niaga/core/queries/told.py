"""Rows that a statement of ours makes, as a queryset: to be narrowed, ordered, paged and summed like a table's."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.sql.datastructures import BaseTable

M = TypeVar("M", bound=Model)


class Sql(NamedTuple):
    """A statement and what stands for its placeholders, in their order."""

    text: str
    values: tuple[Any, ...] = ()


def sql_of(rows: QuerySet[Any, Any]) -> Sql:
    """The statement of a queryset. Its columns stand as `values()` names them."""
    text, values = rows.query.sql_with_params()
    return Sql(text, tuple(values))


def joined(*parts: str | Sql) -> Sql:
    """One statement from texts and statements in their order."""
    texts, values = [], list[Any]()
    for part in parts:
        texts.append(part if isinstance(part, str) else part.text)
        values += [] if isinstance(part, str) else part.values
    return Sql(" ".join(texts), tuple(values))


def filled(text: str, values: Mapping[str, Any]) -> Sql:
    """A text with named placeholders, its values in the order in which they stand."""
    pieces = text.split("%(")
    names = [piece.partition(")s")[0] for piece in pieces[1:]]
    rest = [piece.partition(")s")[2] for piece in pieces[1:]]
    return Sql("%s".join([pieces[0], *rest]), tuple(values[name] for name in names))


class _Told(BaseTable):
    """The statement, where else a table stands."""

    def __init__(self, sql: Sql, alias: str) -> None:
        super().__init__("", alias)
        self.sql = sql

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"({self.sql.text}) {connection.ops.quote_name(self.table_alias)}", self.sql.values

    def relabeled_clone(self, change_map: dict[str | None, str]) -> "_Told":
        assert self.table_alias is not None
        return type(self)(self.sql, change_map.get(self.table_alias, self.table_alias))

    @property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.sql, self.table_alias)


def told(model: type[M], sql: Sql) -> QuerySet[M]:
    """What `sql` tells, as rows of a model that has no table; the statement names its columns."""
    rows: QuerySet[M] = model._default_manager.all()
    alias = rows.query.get_initial_alias()
    assert alias is not None
    rows.query.alias_map[alias] = _Told(sql, alias)
    return rows

"""One statement for all that a verb writes.

A verb touches several tables: the document, its lines, audit, ledger, outbox. `Batch` collects these writes, from
several apps, and sends them as one SQL statement of data-modifying CTEs. A 1,000-line order is one statement like a
1-line order, and the number of a document is drawn by the very statement that issues it.

    batch = Batch()
    number = batch.draw(company_id=company_id, kind="invoice", period="2026", prefix="INV-2026-")
    batch.insert(Invoice, [{"id": id, "number": number}])
    batch.insert(InvoiceLine, rows, invoice_id=id)
    written = batch.write()
    written[number]  # 'INV-2026-00001'

All parts see the database as it was before the statement: no part sees another's rows, and a row may be updated by
one part only. Triggers that run after the statement see everything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models
from django.db.models import BinaryField, Field, JSONField
from django.db.models.fields import NOT_PROVIDED

from niaga.core.errors import Refusal, StaleVersion
from niaga.core.models import NumberSeries


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL expression in the place of a value. Never made from input."""

    text: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number that the statement will draw; use it as a value, read it from the batch's result."""

    name: str

    def sql(self) -> Sql:
        return Sql(f"(SELECT number FROM {self.name})")


@dataclass(slots=True)
class _Part:
    name: str
    sql: str
    params: list[Any]
    expect: int | None = None
    refusal: Callable[[], Refusal] = StaleVersion
    result: str = "(SELECT count(*) FROM {name})"


_MANY = 100
_TYPES: dict[Field, str] = {}


def _type(column: Field) -> str:
    found = _TYPES.get(column)
    if found is None:
        found = column.rel_db_type(connection) if isinstance(column, models.AutoField) else column.db_type(connection)
        assert found is not None
        found = found.split(" CHECK")[0]
        if found.startswith("varchar"):
            found = "text[]" if found.endswith("[]") else "text"
        _TYPES[column] = found
    return found


def _value(column: Field, value: Any) -> Any:
    """The value as the driver takes it: JSON as text, model values as keys."""
    if value is None:
        return None
    if isinstance(column, JSONField):
        return orjson.dumps(value, default=_plain).decode()
    return value


def _plain(value: Any) -> Any:
    """What JSON has no shape for: decimals as text, bytes as PostgreSQL writes them."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    return str(value)


def _recordset(columns: Sequence[Field], rows: Sequence[Mapping[str, Any]]) -> str:
    """Many rows as one JSON text: the driver writes a text much faster than as many arrays of objects."""
    pairs = [(column.column, column.attname) for column in columns]
    key = next((column for column in columns if column.primary_key and column.attname not in rows[0]), None)
    if key is not None:
        pairs.remove((key.column, key.attname))
    records = [{name: row[attname] for name, attname in pairs} for row in rows]
    if key is not None:
        for record in records:
            record[key.column] = key.get_default()
    return _text(records, columns)


def _text(records: Sequence[Mapping[Any, Any]], columns: Iterable[Field]) -> str:
    """Rows as JSON; `str` is the quickest for decimals, and bytes come from binary columns only."""
    default = _plain if any(isinstance(column, BinaryField) for column in columns) else str
    return orjson.dumps(records, default=default, option=orjson.OPT_NON_STR_KEYS).decode()


def _same_in_all(column: Field, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether many rows have one value in the column. For a few rows no one looks: their statement keeps its shape."""
    if len(rows) < _MANY:
        return False
    first = rows[0][column.attname]
    if first != rows[-1][column.attname] or (first and isinstance(column, JSONField)):
        return False
    return [row[column.attname] for row in rows].count(first) == len(rows)


def _columns(model: type[models.Model]) -> dict[str, Field]:
    return {column.attname: column for column in model._meta.concrete_fields}


def _default(column: Field) -> Any:
    return None if column.default is NOT_PROVIDED and column.null else column.get_default()


@dataclass
class Batch:
    """The writes of one verb, in the order they were added."""

    _parts: list[_Part] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self._parts

    def _add(self, part: _Part) -> None:
        self._parts.append(part)

    def _name(self, hint: str) -> str:
        return f"{hint}_{len(self._parts)}"

    def draw(self, *, company_id: UUID, kind: str, period: str, prefix: str, width: int = 5) -> Drawn:
        """Draw the next number of a series. The series' row is locked until the transaction ends: draw last."""
        table = NumberSeries._meta.db_table
        name = self._name("drawn")
        self._add(
            _Part(
                name,
                f"INSERT INTO {table} AS s (id, company_id, kind, period, prefix, width, last)"
                " VALUES (gen_random_uuid(), %s::uuid, %s::text, %s::text, %s::text, %s::int, 1)"
                " ON CONFLICT (company_id, kind, period) DO UPDATE SET last = s.last + 1"
                " RETURNING s.prefix || lpad(s.last::text, greatest(s.width, length(s.last::text)), '0') AS number",
                [company_id, kind, period, prefix, width],
                result="(SELECT number FROM {name})",
            )
        )
        return Drawn(name)

    def draw_each(
        self, keys: Sequence[UUID], *, company_id: UUID, kind: str, period: str, prefix: str, width: int = 5
    ) -> str:
        """Draw a number for each key, in their order. Returns the name of a CTE with `key` and `number`, whose result
        is the list of the numbers. The series' row is locked until the transaction ends: draw last."""
        drawn = self.sql(
            "series",
            f"INSERT INTO {NumberSeries._meta.db_table} AS s (id, company_id, kind, period, prefix, width, last)"
            " VALUES (gen_random_uuid(), %s::uuid, %s::text, %s::text, %s::text, %s::int, %s::bigint)"
            " ON CONFLICT (company_id, kind, period) DO UPDATE SET last = s.last + excluded.last"
            " RETURNING s.prefix, s.width, s.last - %s::bigint AS before",
            [company_id, kind, period, prefix, width, len(keys), len(keys)],
        )
        return self.sql(
            "numbers",
            "SELECT k.key, k.place, d.prefix || lpad((d.before + k.place)::text,"
            " greatest(d.width, length((d.before + k.place)::text)), '0') AS number"
            f" FROM {drawn} d, unnest(%s::uuid[]) WITH ORDINALITY AS k(key, place)",
            [list(keys)],
            result="(SELECT array_agg(number ORDER BY place) FROM {name})",
        )

    def insert(self, model: type[models.Model], rows: Sequence[Mapping[str, Any]], **shared: Any) -> None:
        """Insert rows given by column (`customer_id`, not `customer`); `shared` holds for each of them.

        Columns that no row names take the model's default. All rows name the same columns. Of many rows a value that
        all have is sent once.
        """
        if not rows:
            return
        columns = _columns(model)
        named = set(rows[0])
        unknown = (named | set(shared)) - set(columns)
        if unknown:
            raise TypeError(f"{model.__name__} has no column {sorted(unknown)}")
        single = len(rows) == 1
        head: list[str] = []
        exprs: list[str] = []
        params: list[Any] = []
        varying: list[Field] = []
        for attname, column in columns.items():
            if attname in shared:
                value: Any = shared[attname]
            elif attname in named:
                value = rows[0][attname]
            elif column.generated or isinstance(column, models.AutoField):
                continue
            else:
                value = None if column.primary_key and not single else _default(column)
            head.append(f'"{column.column}"')
            listed = not single and attname not in shared and (attname in named or column.primary_key)
            if listed and not (attname in named and _same_in_all(column, rows)):
                varying.append(column)
                exprs.append(f'v."{column.column}"')
                continue
            text, values = self._expression(column, value)
            exprs.append(text)
            params.extend(values)
        source = ""
        if varying:
            shape = ", ".join(f'"{column.column}" {_type(column)}' for column in varying)
            source = f" FROM json_to_recordset(%s::json) AS v({shape})"
            params.append(_recordset(varying, rows))
        elif not single:
            source = " FROM generate_series(1, %s)"
            params.append(len(rows))
        sql = f"INSERT INTO {model._meta.db_table} ({', '.join(head)}) SELECT {', '.join(exprs)}{source} RETURNING 1"
        self._add(_Part(self._name("new"), sql, params))

    def _expression(self, column: Field, value: Any) -> tuple[str, list[Any]]:
        if isinstance(value, Drawn):
            value = value.sql()
        if isinstance(value, Sql):
            return value.text, list(value.params)
        return f"%s::{_type(column)}", [_value(column, value)]

    def update(
        self,
        model: type[models.Model],
        *,
        where: Mapping[str, Any],
        values: Mapping[str, Any],
        expect: int | None = 1,
        refusal: Callable[[], Refusal] = StaleVersion,
    ) -> str:
        """Update rows that match `where` (equality, or an `Sql` condition value such as `Sql('> 3')`).

        `write` raises `refusal` when another number of rows than `expect` matched.
        """
        columns = _columns(model)
        params: list[Any] = []
        sets = []
        for attname, value in values.items():
            text, more = self._expression(columns[attname], value)
            sets.append(f'"{columns[attname].column}" = {text}')
            params.extend(more)
        tests = []
        for attname, value in where.items():
            if isinstance(value, Sql):
                tests.append(f't."{columns[attname].column}" {value.text}')
                params.extend(value.params)
            else:
                tests.append(f't."{columns[attname].column}" = %s::{_type(columns[attname])}')
                params.append(_value(columns[attname], value))
        name = self._name("changed")
        sql = f"UPDATE {model._meta.db_table} AS t SET {', '.join(sets)} WHERE {' AND '.join(tests)} RETURNING 1"
        self._add(_Part(name, sql, params, expect=expect, refusal=refusal))
        return name

    def update_each(
        self,
        model: type[models.Model],
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str] = ("id",),
        values: Mapping[str, str],
        condition: str = "",
        expect: int | None = None,
        refusal: Callable[[], Refusal] = StaleVersion,
    ) -> str:
        """Update many rows, each with its own figures.

        `rows` hold the key columns and figures by column name; `values` maps a column to an SQL expression over the
        row `t` and its figures `v`, for example `{"reserved": "t.reserved + v.reserved"}`. JSON travels as text:
        `{"steps": "v.steps::jsonb"}`.
        """
        if not rows:
            return ""
        columns = _columns(model)
        names = list(rows[0])
        shape = ", ".join(f'"{name}" {_type(columns[name]) if name in columns else "numeric"}' for name in names)
        sets = ", ".join(f'"{columns[attname].column}" = {text}' for attname, text in values.items())
        match = " AND ".join(f't."{columns[name].column}" = v."{name}"' for name in key)
        name = self._name("changed")
        sql = (
            f"UPDATE {model._meta.db_table} AS t SET {sets} FROM json_to_recordset(%s::json) AS v({shape})"
            f" WHERE {match}{f' AND {condition}' if condition else ''} RETURNING 1"
        )
        arrays = [_text([dict(row) for row in rows], (columns[name] for name in names if name in columns))]
        self._add(_Part(name, sql, arrays, expect=len(rows) if expect is None else expect, refusal=refusal))
        return name

    def rows(self, hint: str, shape: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
        """Add given rows as a CTE for others to read; `shape` names their columns and types. Returns its name."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in shape.items())
        text = orjson.dumps([dict(row) for row in rows], default=_plain).decode()
        return self.sql(hint, f"SELECT * FROM json_to_recordset(%s::json) AS v({columns})", [text])

    def sql(
        self,
        hint: str,
        sql: str,
        params: Iterable[Any] = (),
        *,
        result: str = "(SELECT count(*) FROM {name})",
        expect: int | None = None,
        refusal: Callable[[], Refusal] = StaleVersion,
    ) -> str:
        """Any other CTE; `result` is the scalar that `write` reports for it. Returns the CTE's name."""
        name = self._name(hint)
        self._add(_Part(name, sql, list(params), expect=expect, refusal=refusal, result=result))
        return name

    def write(self) -> dict[Any, Any]:
        """Send everything as one statement. Returns each part's result by name, and numbers by their `Drawn`.

        :raises Refusal: a part changed another number of rows than it expected; the caller's transaction rolls back
        """
        if not self._parts:
            return {}
        parts, self._parts = self._parts, []
        text = ", ".join(f"{part.name} AS ({part.sql})" for part in parts)
        results = ", ".join(part.result.format(name=part.name) for part in parts)
        params = [value for part in parts for value in part.params]
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {text} SELECT {results}", params)
            row = cursor.fetchone()
        written: dict[Any, Any] = {}
        for part, value in zip(parts, row, strict=True):
            if part.expect is not None and value != part.expect:
                raise part.refusal()
            written[part.name] = value
            written[Drawn(part.name)] = value
        return written

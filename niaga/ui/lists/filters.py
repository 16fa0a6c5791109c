"""Filters: typed, kept in the URL under their name. A value that makes no sense filters nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise

Label = str | Promise
Rows = QuerySet[Any, Any]
Options = Sequence[tuple[str, Label]]


@dataclass(frozen=True, slots=True)
class Filter:
    """`shape` names the field drawn for it: search, choice, day, days, flag."""

    name: str
    label: Label
    shape: ClassVar[str] = ""

    def read(self, query: QueryDict) -> Any:
        """The value in the URL, or None."""
        raise NotImplementedError

    def narrow(self, rows: Rows, value: Any, request: HttpRequest) -> Rows:
        raise NotImplementedError

    @property
    def names(self) -> Sequence[str]:
        """The URL parameters that belong to the filter."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """The field one types into. `match(rows, text)` narrows by an index; it is called only with text."""

    match: Callable[[Rows, str], Rows]
    shape: ClassVar[str] = "search"

    def read(self, query: QueryDict) -> str | None:
        return query.get(self.name, "").strip()[:100] or None

    def narrow(self, rows: Rows, value: str, request: HttpRequest) -> Rows:
        return self.match(rows, value)


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of a few. `options` are (value, label), or a callable of the request (mind its statement).

    `lookup` is the field compared, or give `match(rows, value)`.
    """

    options: Options | Callable[[HttpRequest], Iterable[tuple[Any, Label]]]
    lookup: str = ""
    match: Callable[[Rows, str], Rows] | None = None
    shape: ClassVar[str] = "choice"

    def read(self, query: QueryDict) -> str | None:
        return query.get(self.name) or None

    def choices(self, request: HttpRequest) -> list[tuple[str, Label]]:
        options = self.options(request) if callable(self.options) else self.options
        return [(str(value), label) for value, label in options]

    def narrow(self, rows: Rows, value: str, request: HttpRequest) -> Rows:
        if value not in {known for known, _ in self.choices(request)}:
            return rows
        return self.match(rows, value) if self.match else rows.filter(**{self.lookup or self.name: value})


@dataclass(frozen=True, slots=True)
class Days(Filter):
    """From a day to a day, both included; `lookup` is a date field."""

    lookup: str = ""
    shape: ClassVar[str] = "days"

    def read(self, query: QueryDict) -> tuple[date | None, date | None] | None:
        value = (_day(query.get(f"{self.name}_from")), _day(query.get(f"{self.name}_to")))
        return value if any(value) else None

    def narrow(self, rows: Rows, value: tuple[date | None, date | None], request: HttpRequest) -> Rows:
        start, end = value
        field = self.lookup or self.name
        if start:
            rows = rows.filter(**{f"{field}__gte": start})
        return rows.filter(**{f"{field}__lte": end}) if end else rows

    @property
    def names(self) -> Sequence[str]:
        return (f"{self.name}_from", f"{self.name}_to")


@dataclass(frozen=True, slots=True)
class OneDay(Filter):
    """A day by which the list's `rows()` are told; it narrows nothing. `latest(request)` is the last one there is."""

    latest: Callable[[HttpRequest], date]
    shape: ClassVar[str] = "day"

    def read(self, query: QueryDict) -> date | None:
        return _day(query.get(self.name))

    def narrow(self, rows: Rows, value: date, request: HttpRequest) -> Rows:
        return rows

    def of(self, request: HttpRequest) -> date:
        """The day in the address, or the latest."""
        latest = self.latest(request)
        return min(self.read(request.GET) or latest, latest)


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """A switch: `match(rows)` when it is on."""

    match: Callable[[Rows], Rows]
    shape: ClassVar[str] = "flag"

    def read(self, query: QueryDict) -> bool | None:
        return True if query.get(self.name) == "1" else None

    def narrow(self, rows: Rows, value: bool, request: HttpRequest) -> Rows:
        return self.match(rows)


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None

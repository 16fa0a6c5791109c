"""What every API room shares: number types, problems (RFC 9457), cursor pages, ETags."""

import base64
import binascii
from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema, field_validator

from niaga.core.errors import Invalid, Refusal, StaleVersion
from niaga.core.exact_json import read_json
from niaga.core.queries.keyset import after

T = TypeVar("T")


def plain(value: Decimal) -> str:
    """A decimal as text without exponent or idle zeros: `1234.5`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_AS_TEXT = PlainSerializer(plain, return_type=str, when_used="json-unless-none")
Number = Annotated[Decimal, _AS_TEXT]
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=4), _AS_TEXT]
Price = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=6), _AS_TEXT]
PositiveQuantity = Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 12, max_digits=19, decimal_places=6), _AS_TEXT]
Load = Annotated[Decimal, Field(ge=0, lt=1_000_000, max_digits=19, decimal_places=6), _AS_TEXT]
"""Kilograms or litres of one."""
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6), _AS_TEXT]


def _on_the_wall(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("an hour at the branch has no time zone of its own")
    if value.microsecond:
        raise ValueError("an hour at the branch has no parts of a second")
    return value


_HOUR = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$", "examples": ["09:00:00"]}
WallTime = Annotated[time, AfterValidator(_on_the_wall), WithJsonSchema(_HOUR)]
"""An hour at the branch. The format `time` of JSON Schema would ask for a time zone (RFC 3339)."""


def named_once(rows: str, key: str) -> Any:
    """A check for a schema: in its list `rows` no `key` stands twice. Else the later row would silently take the place
    of the earlier one."""

    def check(given: Sequence[Any] | None) -> Sequence[Any] | None:
        places: dict[Any, int] = {}
        for place, row in enumerate(given or (), 1):
            first = places.setdefault(getattr(row, key), place)
            if first != place:
                text = _("Row %(row)s names what row %(first)s names already.")
                raise ValueError(str(text % {"row": place, "first": first}))
        return given

    check.__name__ = f"named_once_by_{key}"
    return field_validator(rows)(check)


class ExactJson(Parser):
    """Reads bodies with `read_json`."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = read_json(request.body)
        return body


class PlainJson(BaseRenderer):
    """JSON with every decimal as plain text, wherever it stands in the answer."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=_plain_value)


def _plain_value(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


class Problem(Schema):
    """A refusal as RFC 9457 problem details; `code` is stable, `lines` answers each line of a document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    errors: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []


PROBLEMS = (400, 401, 403, 404, 409, 412, 422, 429)
"""The statuses of a `Problem`. Every operation may answer with each, so the API's description says it once for all."""


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    field: str | None = None,
    errors: Sequence[Any] = (),
    lines: Sequence[Any] = (),
) -> HttpResponse:
    body = {"type": f"urn:niaga:problem:{code}", "title": code.replace("_", " ").capitalize(), "status": status,
            "detail": detail, "code": code, "field": field, "errors": list(errors), "lines": list(lines)}  # fmt: skip
    return HttpResponse(orjson.dumps(body, default=_text), status=status, content_type="application/problem+json")


def problem_of(refusal: Refusal) -> HttpResponse:
    return problem(
        status=refusal.status, code=refusal.code, detail=str(refusal.message), field=refusal.field, lines=refusal.lines
    )


class Page(Schema, Generic[T]):
    """A page of a list and the cursor of the next one, if there is one."""

    items: list[T]
    next_cursor: str | None = None


class PageQuery(Schema):
    """How every list is paged."""

    cursor: str | None = Field(None, max_length=400)
    limit: int = Field(50, ge=1, le=200)


class BadCursor(Invalid):
    code = "bad_cursor"
    text = _("This cursor does not belong to this list.")


def cursor_page(queryset: QuerySet[Any], *, order: Sequence[str], query: PageQuery) -> tuple[list[Any], str | None]:
    """The rows of one page in `order` (plain columns, `-` for descending, the last one unique) and the next cursor.

    :raises BadCursor: the cursor is not one of this list
    """
    names = [name.lstrip("-") for name in order]
    if query.cursor:
        queryset = queryset.filter(after(order, _values(queryset.model, order, _decode(query.cursor, len(order)))))
    rows = list(queryset.order_by(*order)[: query.limit + 1])
    if len(rows) <= query.limit:
        return rows, None
    last = rows[query.limit - 1]
    values = [str(getattr(last, name)) if getattr(last, name) is not None else None for name in names]
    return rows[: query.limit], base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def page_of(queryset: QuerySet[Any], *, order: Sequence[str], query: PageQuery) -> dict[str, Any]:
    """A page as `Page` answers it.

    :raises BadCursor: the cursor is not one of this list
    """
    items, next_cursor = cursor_page(queryset, order=order, query=query)
    return {"items": items, "next_cursor": next_cursor}


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise BadCursor(field="cursor") from error
    if not isinstance(values, list) or len(values) != length or not all(isinstance(value, str) for value in values):
        raise BadCursor(field="cursor")
    return values


def _values(model: type[Model], order: Sequence[str], texts: Sequence[str]) -> list[Any]:
    """What the texts of a cursor mean in the columns of the order."""
    values = []
    try:
        for name, text in zip(order, texts, strict=True):
            field = model._meta.get_field(name.lstrip("-"))
            assert isinstance(field, Column), f"{name} is no column to order by"
            values.append(field.to_python(text))
    except ValidationError as error:
        raise BadCursor(field="cursor") from error
    return values


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(request: HttpRequest) -> int | None:
    """The version that `If-Match` names, or none when the caller does not care.

    :raises StaleVersion: the header is not one of our ETags
    """
    value = request.headers.get("If-Match", "").strip()
    if not value or value == "*":
        return None
    try:
        return int(value.removeprefix("W/").strip('"'))
    except ValueError as error:
        raise StaleVersion() from error

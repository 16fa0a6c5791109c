"""Checking input against the columns it goes to: one row of a form or ninety thousand of a file, by the same rules.

A model's own `full_clean` costs milliseconds a row; this costs microseconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.core.errors import Invalid, Refusal, Text

Check = Callable[[Any], Any]


class BadValue(ValueError):
    """A value that a column cannot take; the text is for the person."""


class Findings:
    """What is wrong with the rows, collected, so that a person is told everything at once."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []

    def add(self, line: int, field: str, message: Text, code: str = "invalid") -> None:
        self.items.append({"line": line, "field": field, "code": code, "message": str(message)})

    def raise_if_any(self, error: type[Refusal] = Invalid) -> None:
        """:raises Refusal: `error` about the first finding, with all of them as `lines`"""
        if self.items:
            first = self.items[0]
            raise error(first["message"], field=first["field"], lines=self.items)


def _text(field: models.Field) -> Check:
    longest = field.max_length
    many_lines = isinstance(field, models.TextField) and longest is None
    allowed = {str(key) for key, _label in field.flatchoices} if field.choices else None

    def check(value: Any) -> str:
        text = str(value).replace("\x00", "")
        text = text.strip() if many_lines else " ".join(text.split())
        if longest is not None and len(text) > longest:
            raise BadValue(
                ngettext("At most %(most)d character.", "At most %(most)d characters.", longest) % {"most": longest}
            )
        if allowed is not None and text and text not in allowed:
            raise BadValue(_("This is not one of the choices."))
        if not text and not field.blank:
            raise BadValue(_("This is needed."))
        return text

    return check


def _email(field: models.Field) -> Check:
    plain = _text(field)

    def check(value: Any) -> str:
        text: str = plain(value)
        if text:
            try:
                validate_email(text)
            except ValidationError as error:
                raise BadValue(_("This is not an e-mail address.")) from error
        return text

    return check


def _decimal(field: models.DecimalField) -> Check:
    whole = Decimal(10) ** (field.max_digits - field.decimal_places)
    step = Decimal(1).scaleb(-field.decimal_places)

    def check(value: Any) -> Decimal:
        if isinstance(value, float):
            raise TypeError("figures are never floats")
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= whole:
            raise BadValue(_("This figure is too large."))
        if number != number.quantize(step):
            raise BadValue(
                ngettext("At most %(most)d decimal.", "At most %(most)d decimals.", field.decimal_places or 0)
                % {"most": field.decimal_places}
            )
        return number

    return check


@cache
def _check_of(field: models.Field) -> Check:
    if isinstance(field, models.EmailField):
        return _email(field)
    if isinstance(field, models.CharField | models.TextField):
        return _text(field)
    if isinstance(field, models.DecimalField):
        return _decimal(field)
    return lambda value: value


@cache
def _columns(model: type[models.Model]) -> dict[str, models.Field]:
    return {field.attname: field for field in model._meta.concrete_fields}


def check_values(
    model: type[models.Model], values: Mapping[str, Any], *, findings: Findings, line: int = 1, prefix: str = ""
) -> dict[str, Any]:
    """The values as the columns of `model` take them, by attname; what does not fit goes to `findings`.

    `field` of a finding is the name a caller knows: `prefix` and the attname without `_id`.
    """
    columns = _columns(model)
    good: dict[str, Any] = {}
    for name, value in values.items():
        field = columns[name]
        if value is None:
            if not field.null:
                findings.add(line, f"{prefix}{field.name}", _("This is needed."), "required")
            good[name] = None
            continue
        try:
            good[name] = _check_of(field)(value)
        except BadValue as bad:
            findings.add(line, f"{prefix}{field.name}", str(bad))
    return good


def changed_values(
    row: models.Model, values: Mapping[str, Any], *, ignored: Sequence[str] = ()
) -> dict[str, tuple[Any, Any]]:
    """What differs between a row and its new values: before and after, for the audit trail."""
    return {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if name not in ignored and getattr(row, name) != value
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of many rows did to one of them: only what differs, as JSON holds it."""

    id: UUID
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def pairs(self) -> dict[str, list[Any]]:
        """Column to before and after, for the audit trail."""
        return {name: [self.before[name], value] for name, value in self.after.items()}


def plain_value(value: Any) -> Any:
    """A value as JSON holds it, the same however the database pads it: 5, 5.0 and 5.000000 are `5`."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value if value is None or isinstance(value, bool | int) else str(value)


def first_doubles(values: Iterable[str]) -> set[int]:
    """The positions (from 1) of values that came before, without regard to case."""
    seen: set[str] = set()
    doubles: set[int] = set()
    for position, value in enumerate(values, start=1):
        key = value.casefold()
        if not key:
            continue
        if key in seen:
            doubles.add(position)
        seen.add(key)
    return doubles

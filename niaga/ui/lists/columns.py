"""Columns: how one value of a row is read, shown on the page, and written to an export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from niaga.core.money import Money as MoneyValue
from niaga.core.money import exponent, round_amount
from niaga.ui import formatting
from niaga.ui.escaping import escaped
from niaga.ui.templatetags.ui import chip_html, picture_html

Label = str | Promise
Source = str | Callable[[Any], Any]


def read(row: Any, source: Source) -> Any:
    """The value of `row` at a path like `customer__name`, in objects and dicts; None where the path breaks off."""
    if callable(source):
        return source(row)
    value = row
    for step in source.split("__"):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, dict) else getattr(value, step)
    return value


@dataclass(frozen=True, slots=True)
class Status:
    """How a status is said: word, tone (good, warn, bad, calm, faint) and Lucide icon."""

    label: Label
    tone: str = ""
    icon: str = ""


Badge = Status


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `source` is a path or a callable of the row; nothing here may ask the database.

    `sort`: the field(s) to order by, "" when the column cannot be sorted. `sub`: a second, fainter line.
    `phone`: what becomes of it on a phone's card: "title" (one column), "value", "status" (top and second at the
    right), "meta" (below the title), "" (not shown). `picture`: the address of a small picture before the words.
    """

    name: str
    label: Label
    source: Source = ""
    sort: str | tuple[str, ...] = ""
    sub: Source | None = None
    phone: str = ""
    picture: Source | None = None  # where a small picture is; "" keeps its place
    hidden_from: Callable[[Any], bool] | None = None  # asked once with the request: cost and margin, for example
    only_exported: bool = False  # a column of the file: on the page it stands below another
    numeric: ClassVar[bool] = False
    unbroken: ClassVar[bool] = False  # a day, a document's number: never on two lines

    def value(self, row: Any) -> Any:
        return read(row, self.source or self.name)

    def with_sub(self, row: Any, shown: SafeString) -> SafeString:
        if self.sub is not None:
            below = read(row, self.sub)
            if below not in (None, ""):
                return SafeString(f'{shown}<span class="sub">{escaped(below)}</span>')
        return shown

    def with_picture(self, row: Any, shown: SafeString) -> SafeString:
        """A picture of fixed size, or the quiet place for one, so that nothing moves when it comes."""
        if self.picture is None:
            return shown
        return SafeString(f"{picture_html(read(row, self.picture), self.value(row))}{shown}")

    def format(self, row: Any) -> SafeString:
        value = self.value(row)
        return SafeString("") if value is None else escaped(value)

    def export(self, row: Any) -> Any:
        """The raw value for a spreadsheet: text, Decimal, date, naive datetime or None."""
        value = self.value(row)
        return str(value) if isinstance(value, Promise | SafeString) else value


@dataclass(frozen=True, slots=True)
class Text(Column):
    """Words."""


@dataclass(frozen=True, slots=True)
class Reference(Column):
    """A document's number, whole on its line."""

    unbroken: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Number(Column):
    digits: int | None = None
    numeric: ClassVar[bool] = True

    def format(self, row: Any) -> SafeString:
        return escaped(formatting.number(self.value(row), self.digits))


@dataclass(frozen=True, slots=True)
class Percent(Column):
    digits: int | None = 1
    numeric: ClassVar[bool] = True

    def format(self, row: Any) -> SafeString:
        return escaped(formatting.percent(self.value(row), self.digits))


@dataclass(frozen=True, slots=True)
class Quantity(Column):
    unit: Source = ""
    numeric: ClassVar[bool] = True

    def format(self, row: Any) -> SafeString:
        unit = read(row, self.unit) if self.unit else ""
        return format_html('{} <span class="faint">{}</span>', formatting.number(self.value(row)), unit or "")


@dataclass(frozen=True, slots=True)
class Money(Column):
    """An amount of the row's currency (`currency` is a path or callable; a three-letter code stands for itself)."""

    currency: Source = "currency"
    numeric: ClassVar[bool] = True

    def currency_of(self, row: Any) -> str:
        if isinstance(self.currency, str) and self.currency.isupper():
            return self.currency
        return str(read(row, self.currency))

    def format(self, row: Any) -> SafeString:
        value = self.value(row)
        if isinstance(value, MoneyValue):
            return escaped(formatting.money(value))
        return escaped(formatting.money(value, self.currency_of(row)) if value is not None else "")

    def export(self, row: Any) -> Any:
        value = self.value(row)
        if isinstance(value, MoneyValue):
            return value.rounded().amount
        if value is None:
            return None
        currency = self.currency_of(row)
        return round_amount(Decimal(value), currency).quantize(Decimal(1).scaleb(-exponent(currency)))


@dataclass(frozen=True, slots=True)
class Day(Column):
    unbroken: ClassVar[bool] = True

    def format(self, row: Any) -> SafeString:
        return SafeString(formatting.day(self.value(row)))

    def export(self, row: Any) -> Any:
        value = self.value(row)
        return timezone.localtime(value).date() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Moment(Column):
    """A moment, as near as needed: `yesterday 16.20`."""

    def format(self, row: Any) -> SafeString:
        value = self.value(row)
        if value is None:
            return SafeString("")
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), formatting.ago(value))

    def export(self, row: Any) -> Any:
        value = self.value(row)
        return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class StatusColumn(Column):
    """A status through a table `{value: Status(...)}`, or a source that returns a Status itself."""

    statuses: Mapping[str, Status] = field(default_factory=dict)

    def status(self, row: Any) -> Status | None:
        value = self.value(row)
        if value is None or value == "":
            return None
        if isinstance(value, Status):
            return value
        return self.statuses.get(str(value), Status(str(value)))

    def format(self, row: Any) -> SafeString:
        status = self.status(row)
        return chip_html(status.label, status.tone, status.icon) if status else SafeString("")

    def export(self, row: Any) -> Any:
        status = self.status(row)
        return str(status.label) if status else None


def typed(value: Any) -> Any:
    """What a spreadsheet cell takes, with text that would run as a formula made harmless."""
    if isinstance(value, bool | int | Decimal | date | datetime) or value is None:
        return value
    return str(value)

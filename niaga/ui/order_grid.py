"""The server's side of the order grid: what it mounts with, what it sends, what it is answered. See README.

Numbers cross as text in the person's own writing (`1.234,5`); they are read here, exactly, and written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from niaga.core.errors import Invalid
from niaga.core.exact_json import read_json
from niaga.ui import formatting

MOST_LINES = 10_000
KINDS = ("item", "section", "note")
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line as the person typed it. `product` is None for a pasted SKU that is not looked up yet.

    `price` None means the price of the rules. A discount is in percent or, in `discount_amount`, in money off the
    line. `errors` holds what could not be read, by cell.
    """

    key: str
    kind: str
    product: UUID | None
    sku: str
    unit: str
    quantity: Decimal | None
    price: Decimal | None
    discount: Decimal | None
    optional: bool
    text: str
    planned: date | None
    requested: date | None = None
    discount_amount: Decimal | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridStep:
    """One step of "why this price"; `struck` for a rule that did not win."""

    text: str
    struck: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class GridAnswer:
    """What the grid shows of a line. Amounts are given as values; they are formatted for the page here.

    `product`, `sku`, `name`, `unit`, `units` are answered for pasted SKUs. `error` with `error_field`
    (`quantity`, `price`, `discount`, `unit`) stands below the line and marks the cell. `history` is the address of
    what the customer paid before, as a fragment; `last` says the latest of it, on the document at `last_url`.
    """

    product: UUID | None = None
    sku: str = ""
    name: str = ""
    unit: str = ""
    units: Sequence[str] = ()
    price: Decimal | None = None
    discount: Decimal | None = None
    discount_amount: Decimal | None = None
    subtotal: Decimal | None = None
    available: Decimal | None = None
    why: Sequence[GridStep] = ()
    error: str = ""
    error_field: str = ""
    warning: str = ""
    last: str = ""
    last_number: str = ""
    last_url: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class GridTotal:
    label: str
    value: str
    sum: bool = False


@dataclass(slots=True)
class OrderGrid:
    """What `<c-order_grid :grid="grid" />` mounts.

    `products` and `preview` are addresses; `fields` names the form's other fields that prices depend on (customer,
    date …): they go along with both. `lines` are dicts as the grid sends them: build them with `line_of`, or give
    back `request.POST[name]` after a refusal. `errors` by line key are shown at once.
    """

    products: str
    preview: str
    fields: Sequence[str] = ()
    lines: str | Sequence[Mapping[str, Any]] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    name: str = "lines"
    planned: bool = False
    requested: bool = False
    earliest: str = ""
    """Where the earliest day for the lines is asked; empty: nothing leaves."""
    discounts: bool = True
    prices: bool = True

    @property
    def config_id(self) -> str:
        return f"{self.name}-grid"

    @property
    def config(self) -> dict[str, Any]:
        return {
            "products": self.products,
            "preview": self.preview,
            "fields": list(self.fields),
            "most": MOST_LINES,
            "planned": self.planned,
            "requested": self.requested,
            "earliest": self.earliest,
            "discounts": self.discounts,
            "prices": self.prices,
        }

    @property
    def value(self) -> str:
        """The lines as the hidden field holds them."""
        if isinstance(self.lines, str):
            try:
                lines = [dict(line) for line in _rows(self.lines)]
            except Invalid:
                lines = []
        else:
            lines = [dict(line) for line in self.lines]
        for line in lines:
            if error := self.errors.get(str(line.get("key", ""))):
                line["error"] = error
        return orjson.dumps(lines).decode()


def line_of(
    *,
    key: str,
    kind: str = "item",
    product: UUID | None = None,
    sku: str = "",
    name: str = "",
    unit: str = "",
    units: Sequence[str] = (),
    quantity: Decimal | None = None,
    price: Decimal | None = None,
    discount: Decimal | None = None,
    discount_amount: Decimal | None = None,
    currency: str = "",
    optional: bool = False,
    text: str = "",
    planned: date | None = None,
    requested: date | None = None,
) -> dict[str, Any]:
    """A stored line as the grid takes it. `key` is the line's id; give `price` only where a person typed it."""
    return {
        "key": key,
        "kind": kind,
        "product": str(product) if product else "",
        "sku": sku,
        "name": name,
        "unit": unit,
        "units": list(units),
        "quantity": formatting.number(quantity),
        "price": formatting.number(price),
        "discount": formatting.discount(discount, discount_amount, currency),
        "optional": optional,
        "text": text,
        "planned": planned.isoformat() if planned else "",
        "requested": requested.isoformat() if requested else "",
    }


def read_preview(request: HttpRequest) -> tuple[list[GridLine], dict[str, str]]:
    """The lines and the fields around them that a preview request carries.

    :raises Invalid: the body is not what the grid sends, or has more lines than a document may have
    """
    try:
        body = read_json(request.body)
        fields = {str(name): str(value) for name, value in dict(body.get("fields") or {}).items()}
        rows = body["lines"]
    except (RawPostDataException, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(_("The lines could not be read.")) from error
    return _read(rows), fields


def read_lines(text: str) -> list[GridLine]:
    """The lines of a form's hidden field.

    :raises Invalid: it is not what the grid sends, or has more lines than a document may have
    """
    return _read(_rows(text))


def _rows(text: str) -> list[dict[str, Any]]:
    try:
        rows = read_json(text or "[]")
    except ValueError as error:
        raise Invalid(_("The lines could not be read."), field="lines") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("The lines could not be read."), field="lines")
    return rows


def _read(rows: Any) -> list[GridLine]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("The lines could not be read."), field="lines")
    if len(rows) > MOST_LINES:
        raise Invalid(
            _("A document holds at most %(count)s lines.") % {"count": formatting.number(MOST_LINES)}, field="lines"
        )
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> GridLine:
    errors: dict[str, str] = {}
    kind = str(row.get("kind", "item"))
    percent, amount = _discount(row, errors)
    return GridLine(
        key=str(row.get("key", ""))[:64],
        kind=kind if kind in KINDS else "item",
        product=_uuid(row.get("product")),
        sku=str(row.get("sku") or "")[:100],
        unit=str(row.get("unit") or "")[:20],
        quantity=_number(row, "quantity", errors),
        price=_number(row, "price", errors),
        discount=percent,
        discount_amount=amount,
        optional=row.get("optional") is True,
        text=str(row.get("text") or "")[:2000],
        planned=_day(row, "planned", errors),
        requested=_day(row, "requested", errors),
        errors=errors,
    )


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _number(row: Mapping[str, Any], cell: str, errors: dict[str, str]) -> Decimal | None:
    text = str(row.get(cell) or "").strip()
    if not text:
        return None
    try:
        value = formatting.parse_number(text)
    except ValueError:
        errors[cell] = _("“%(text)s” is no number.") % {"text": text[:40]}
        return None
    if abs(value) >= LARGEST:
        errors[cell] = _("This number is too large.")
        return None
    return value


def _discount(row: Mapping[str, Any], errors: dict[str, str]) -> tuple[Decimal | None, Decimal | None]:
    """In percent or in money, whichever was typed."""
    value = _number(row, "discount", errors)
    return (None, None) if value is None else formatting.parse_discount(str(row["discount"]))


def _day(row: Mapping[str, Any], cell: str, errors: dict[str, str]) -> date | None:
    text = str(row.get(cell) or "")
    try:
        return parse_date(text) if text else None
    except ValueError:
        errors[cell] = _("“%(text)s” is no day.") % {"text": text[:40]}
        return None


def preview_answer(
    *,
    lines: Mapping[str, GridAnswer],
    totals: Sequence[GridTotal],
    currency: str,
    words: str = "",
    error: str = "",
) -> JsonResponse:
    """The preview as the grid shows it; amounts are written in the document's currency, without its symbol."""
    return JsonResponse(
        {
            "lines": {key: _shown(answer, currency) for key, answer in lines.items()},
            "totals": [{"label": str(one.label), "value": one.value, "sum": one.sum} for one in totals],
            "words": words,
            "error": error,
        }
    )


def _shown(answer: GridAnswer, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "product": str(answer.product) if answer.product else "",
        "sku": answer.sku,
        "name": answer.name,
        "unit": answer.unit,
        "units": list(answer.units),
        "price": formatting.number(answer.price),
        "discount": formatting.discount(answer.discount, answer.discount_amount, currency),
        "subtotal": formatting.amount(answer.subtotal, currency),
        "available": formatting.number(answer.available),
        "error": str(answer.error),
        "error_field": answer.error_field,
        "warning": str(answer.warning),
        "last": answer.last,
        "last_number": answer.last_number,
        "last_url": answer.last_url,
        "history": answer.history,
    }
    shown = {name: value for name, value in shown.items() if value}
    if answer.why:
        shown["why"] = [{"text": step.text, "struck": step.struck, "note": step.note} for step in answer.why]
    return shown


def products_answer(products: Sequence[Mapping[str, Any]]) -> JsonResponse:
    """Found products: dicts of `id sku name unit`, and of `units available last_price last_date price exact picture`.

    Decimals and days may be given as they are; `exact` marks a whole SKU or bar code, which a scanner's Enter takes.
    """
    return JsonResponse([{name: _plain(value) for name, value in one.items()} for one in products], safe=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return formatting.number(value)
    if isinstance(value, date):
        return formatting.day(value)
    return str(value) if isinstance(value, UUID) else value

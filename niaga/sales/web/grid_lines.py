"""The order grid and a document's lines: as they are stored, shown, sent back, and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from niaga.core.errors import Refusal
from niaga.sales.models import QuotationLine, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.web.forms import as_id
from niaga.ui.order_grid import (
    GridLine,
    OrderGrid,
    line_of,
)

FIELDS = (
    "customer", "delivery_address", "discount_percent", "discount_amount", "branch", "channel", "coupon_codes",
    "points", "currency",
)  # fmt: skip


def to_input(line: GridLine, *, stored: Mapping[UUID, QuotationLine | SalesOrderLine] | None = None) -> LineInput:
    """A grid line as services take it; `stored` tells what the customer had chosen."""
    line_id = as_id(line.key)
    if line.kind != "item":
        return LineInput(kind=line.kind, description=line.text, id=line_id)
    before = (stored or {}).get(line_id) if line_id else None
    return LineInput(
        product_id=line.product, sku=line.sku or None,
        quantity=line.quantity if line.quantity is not None else Decimal(1),
        unit=line.unit or None, description=line.text or None, unit_price=line.price,
        discount_percent=line.discount or Decimal(0), discount_amount=line.discount_amount or Decimal(0),
        is_optional=line.optional,
        is_chosen=getattr(before, "is_chosen", None) if line.optional and before is not None else None,
        planned_date=line.planned, requested_date=line.requested, id=line_id,
    )  # fmt: skip


def split_codes(text: str) -> tuple[str, ...]:
    """Coupon codes as typed, with blanks or commas between them."""
    return tuple(dict.fromkeys(text.replace(",", " ").upper().split()))[:20]


def grid_lines(
    lines: Sequence[QuotationLine | SalesOrderLine],
    units: Mapping[UUID, list[str]],
    *,
    currency: str,
) -> list[dict[str, Any]]:
    """Stored lines as the grid takes them."""
    shown = []
    for line in lines:
        key = str(line.id)
        if line.gift_of_id is not None:
            continue  # given anew, or kept, whatever the grid holds
        if line.product_id is None:
            shown.append(line_of(key=key, kind=line.kind, text=line.description))
            continue
        assert line.product is not None
        own = line.description if line.description != line.product.name else ""
        shown.append(
            line_of(
                key=key, product=line.product_id, sku=line.product.sku, name=line.product.name,
                unit=line.unit.code if line.unit else "", units=units.get(line.product_id, ()),
                quantity=digits(line.quantity, 6), price=digits(line.unit_price, 6) if line.price_is_manual else None,
                discount=digits(line.discount_percent, 6) if line.discount_percent else None,
                discount_amount=None if line.discount_percent else digits(line.own_discount, 6), currency=currency,
                optional=getattr(line, "is_optional", False), text=own, planned=getattr(line, "planned_date", None),
                requested=line.requested_date,
            )
        )  # fmt: skip
    return shown


def order_grid(
    *, lines: Any = (), planned: bool = False, requested: bool = False, errors: Mapping[str, str] | None = None,
    amends: UUID | None = None,
) -> OrderGrid:  # fmt: skip
    """`amends`: the confirmed order that is written, whose own stock counts as free for it."""
    preview_url = reverse("sales:grid_preview")
    early = reverse("sales:grid_earliest") + (f"?order={amends}" if amends else "")
    return OrderGrid(
        products=reverse("sales:grid_products"), preview=f"{preview_url}?order={amends}" if amends else preview_url,
        fields=(*FIELDS, "requested_date", "warehouse") if planned else FIELDS, lines=lines,
        earliest=early if planned else "", planned=planned, requested=requested, errors=errors or {},
    )  # fmt: skip


def line_errors(lines: Sequence[GridLine], refusal: Refusal) -> dict[str, str]:
    """A refusal's answers by the grid's line keys."""
    errors = {}
    for fault in refusal.lines:
        place = fault.get("line")
        if place and 0 < place <= len(lines):
            errors[lines[place - 1].key] = str(fault.get("message") or refusal.message)
    return errors


def unreadable(lines: Sequence[GridLine]) -> dict[str, str]:
    """What of the lines could not be read, by key."""
    return {line.key: next(iter(line.errors.values())) for line in lines if line.errors}


def promised_line(line: LineInput, stored: Mapping[UUID, SalesOrderLine]) -> LineInput:
    """A line of a confirmed order as the grid sends it back: it names no price where none was typed."""
    before = stored.get(line.id) if line.id else None
    if before is None or before.product_id is None:
        return line
    return replace(line, description=line.description or before.description)


def digits(value: Decimal, digits: int) -> Decimal:
    """Without idle zeros, cut to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-digits)).normalize() + 0

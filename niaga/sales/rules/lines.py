"""A line as a person or program gives it, before products and prices are looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from niaga.pricing.rules import Kept


@dataclass(frozen=True, slots=True)
class LineInput:
    """What was asked for. A product by id or SKU; without `unit` its base unit; without `unit_price` the price rules'.

    `kind`: `item`, `charge`, `section` or `note`; the last two have only a description. Quantities in `unit`.
    """

    kind: str = "item"
    product_id: UUID | None = None
    sku: str | None = None
    quantity: Decimal = Decimal(1)
    unit: str | None = None
    description: str | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    is_optional: bool = False
    is_chosen: bool | None = None
    planned_date: date | None = None
    requested_date: date | None = None
    """The day the customer asks for; None: the document's."""
    id: UUID | None = None
    kept: tuple[Kept, ...] = ()
    """With `unit_price`: the line keeps what promotions took off it."""
    promised: bool = False
    """With `unit_price`: it is the price of the rules, promised before; nobody set it by hand."""
    gift_of: UUID | None = None
    """The promotion that gave a stored line; such a line is given anew unless it is kept."""

    @property
    def is_priced(self) -> bool:
        return self.kind in ("item", "charge")

    @property
    def counts(self) -> bool:
        """Whether the line is in the totals: an optional one only when it was chosen."""
        return bool(self.is_chosen) if self.is_optional else True


def progress(done: list[tuple[Decimal, Decimal]]) -> str:
    """How far lines are, as (done, wanted) pairs: `none`, `partial` or `done`. Nothing wanted is done."""
    if all(have >= wanted for have, wanted in done):
        return "done"
    return "partial" if any(have > 0 for have, _wanted in done) else "none"


class PromisedLine(Protocol):
    """What progress is counted by; quantities in the line's unit."""

    kind: str
    product_id: UUID | None
    quantity: Decimal
    cancelled: Decimal
    shipped: Decimal
    invoiced: Decimal


def delivery_progress(lines: Iterable[PromisedLine]) -> str:
    """How far goods and services are delivered; charges are not."""
    return progress(
        [(one.shipped, one.quantity - one.cancelled) for one in lines if one.product_id and one.kind == "item"]
    )


def invoice_progress(lines: Iterable[PromisedLine]) -> str:
    return progress([(one.invoiced, one.quantity - one.cancelled) for one in lines if one.product_id])


def as_json(line: LineInput) -> dict[str, Any]:
    """A line in a shape to store, without what only one document has (its id, days, the customer's choice)."""
    facts: dict[str, Any] = {"kind": line.kind, "description": line.description}
    if line.is_priced:
        facts |= {
            "product_id": str(line.product_id), "quantity": str(line.quantity), "unit": line.unit,
            "unit_price": None if line.unit_price is None else str(line.unit_price),
            "discount_percent": str(line.discount_percent), "discount_amount": str(line.discount_amount),
            "is_optional": line.is_optional,
        }  # fmt: skip
    return facts


def from_json(facts: Mapping[str, Any]) -> LineInput:
    """A line that `as_json` stored."""
    if facts["kind"] not in ("item", "charge"):
        return LineInput(kind=facts["kind"], description=facts["description"])
    price = facts["unit_price"]
    return LineInput(
        kind=facts["kind"], product_id=UUID(facts["product_id"]), quantity=Decimal(facts["quantity"]),
        unit=facts["unit"], description=facts["description"], unit_price=None if price is None else Decimal(price),
        discount_percent=Decimal(facts["discount_percent"]), discount_amount=Decimal(facts["discount_amount"]),
        is_optional=facts["is_optional"],
    )  # fmt: skip

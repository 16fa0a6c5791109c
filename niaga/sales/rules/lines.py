"""A line as a person or program gives it, before products and prices are looked up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


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
    id: UUID | None = None

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

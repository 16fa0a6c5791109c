"""What an amendment may change of a line that is already promised. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from niaga.core.money import round_to


class StoredLine(Protocol):
    """A promised line as it stands; quantities in its unit."""

    id: UUID
    position: int
    description: str
    product_id: UUID | None
    quantity: Decimal
    cancelled: Decimal
    in_delivery: Decimal
    direct: Decimal
    invoiced: Decimal
    unit_price: Decimal
    discount_percent: Decimal

    @property
    def own_discount(self) -> Decimal:
        """In money, without what promotions took."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The figures a person gives a line; None: as they are."""

    product_id: UUID | None
    quantity: Decimal
    unit_price: Decimal | None
    discount_percent: Decimal
    discount_amount: Decimal
    other_unit: bool = False


def is_fixed(line: StoredLine) -> bool:
    """Whether an invoice, or a cancelled rest, has frozen the line's figures."""
    return line.invoiced > 0 or line.cancelled > 0


def refused_change(line: StoredLine, wish: Wish | None) -> str | None:
    """Why the line cannot become what is wished (None: it shall go); None when it can.

    `other_product`, `other_unit`, `below_delivered`, `invoiced`, `delivered` (cannot go), `asked_supplier` (who
    was asked to send that much).
    """
    if wish is None:
        if line.product_id is None:
            return None
        if is_fixed(line):
            return "invoiced"
        return "delivered" if line.in_delivery > 0 else "asked_supplier" if line.direct > 0 else None
    if wish.product_id != line.product_id:
        return "other_product"
    if wish.other_unit and (line.in_delivery or line.direct or is_fixed(line)):  # they count in it
        return "other_unit"
    if wish.quantity < line.in_delivery + line.cancelled:
        return "below_delivered"
    if wish.quantity < line.in_delivery + line.cancelled + line.direct:
        return "asked_supplier"
    if is_fixed(line) and changes(line, wish):
        return "invoiced"
    return None


def changes(line: StoredLine, wish: Wish) -> bool:
    """Whether the wish changes a figure of the line."""
    same_price = wish.unit_price is None or round_to(wish.unit_price, 6) == line.unit_price
    if wish.discount_percent or line.discount_percent:
        same_discount = wish.discount_percent == line.discount_percent
    else:
        same_discount = wish.discount_amount == line.own_discount
    return not (wish.quantity == line.quantity and same_price and same_discount)


def figures(line: Any) -> dict[str, Any]:
    """What the audit trail keeps of a line before and after."""
    return {
        "quantity": line.quantity, "unit_price": line.unit_price, "discount_percent": line.discount_percent,
        "discount_amount": line.discount_amount, "amount": line.amount,
        "planned_date": line.planned_date, "requested_date": line.requested_date,
    }  # fmt: skip

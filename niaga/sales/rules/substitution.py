"""What may stand in for a line's goods, how much of it, and at which price. Pure."""

from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from niaga.core.money import round_to
from niaga.sales.rules.amendment import is_fixed


class OrderedLine(Protocol):
    """A promised line; quantities in its unit of `factor` base units."""

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
    factor: Decimal
    gift_of_id: UUID | None
    promotion_discount: Decimal
    parts: list[dict[str, Any]]

    @property
    def own_discount(self) -> Decimal: ...


def barred_by(line: OrderedLine) -> str | None:
    """Why nothing may stand in for a line's goods: `bundle`, `gift`, `promotion`, `fixed` (billed, or its rest
    cancelled); None when something may."""
    if line.parts:
        return "bundle"
    if line.gift_of_id is not None:
        return "gift"
    if line.promotion_discount:
        return "promotion"
    return "fixed" if is_fixed(line) else None


def replaced_units(base: Decimal, *, ratio: Decimal, factor: Decimal, digits: int) -> Decimal | None:
    """How many units of the ordered line `base` base units of the substitute replace; None: no whole ones of it."""
    units = base / ratio / factor
    whole = round_to(units, digits)
    return whole if whole > 0 and whole * factor * ratio == base else None


def most_base(missing: Decimal, *, ratio: Decimal, factor: Decimal, digits: int) -> Decimal:
    """How much of the substitute makes up for `missing` base units of the ordered goods, in whole units of its line."""
    step = Decimal(1).scaleb(-digits)
    return (missing / factor // step) * step * factor * ratio


def price_as_ordered(line: OrderedLine, *, ratio: Decimal) -> Decimal:
    """Of one base unit of the substitute, before the line's discount, so that the customer pays what was promised."""
    return round_to(line.unit_price / line.factor / ratio, 6)


def discount_share(line: OrderedLine, units: Decimal) -> Decimal:
    """What a discount in money comes to for `units` of the line; one in percent goes along as it is."""
    if line.discount_percent or not line.quantity:
        return Decimal(0)
    return line.own_discount * units / line.quantity

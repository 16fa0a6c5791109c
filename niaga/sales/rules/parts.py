"""What a line asks of the stock: its product, or when it is a bundle the parts that were written on it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any, Protocol
from uuid import UUID

Asked = dict[tuple[UUID, UUID], Decimal]
"""Base units by (line, product)."""


class Part(Protocol):
    """A part as the catalog knows it: `quantity` base units in one base unit of the bundle."""

    @property
    def product_id(self) -> UUID: ...
    @property
    def sku(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def digits(self) -> int: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def cost(self) -> Decimal | None: ...
    @property
    def is_stocked(self) -> bool: ...


class StockLine(Protocol):
    """A line of a promise; quantities in its unit."""

    id: UUID
    product_id: UUID | None
    needs_stock: bool
    quantity: Decimal
    factor: Decimal
    in_delivery: Decimal
    shipped: Decimal
    cancelled: Decimal
    direct: Decimal
    parts: list[dict[str, Any]]


def frozen_parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The parts as a line keeps them: what was offered stays offered, whatever becomes of the bundle."""
    return [
        {
            "product_id": str(part.product_id), "sku": part.sku, "name": part.name, "unit": part.unit,
            "digits": part.digits, "quantity": str(part.quantity), "is_stocked": part.is_stocked,
            "cost": None if part.cost is None else str(part.cost),
        }
        for part in parts
    ]  # fmt: skip


def stocked(product_id: UUID | None, needs_stock: bool, parts: Sequence[Mapping[str, Any]]) -> dict[UUID, Decimal]:
    """What one base unit of a line takes of each product, in base units. A bundle takes its parts, not itself."""
    if not needs_stock or product_id is None:
        return {}
    if not parts:
        return {product_id: Decimal(1)}
    return {UUID(part["product_id"]): Decimal(part["quantity"]) for part in parts if part["is_stocked"]}


def waiting_for(lines: Iterable[StockLine]) -> Asked:
    """What the lines must hold until they are shipped."""
    return {
        (line.id, product_id): (line.quantity - line.cancelled - line.shipped - line.direct) * line.factor * each
        for line in lines
        for product_id, each in stocked(line.product_id, line.needs_stock, line.parts).items()
    }


def leaves_here(line: StockLine) -> bool:
    """Whether our warehouse has still to send something of a line: so a day's load counts it."""
    return line.product_id is not None and line.quantity - line.cancelled - line.shipped - line.direct > 0


def planned(lines: Iterable[StockLine]) -> Asked:
    """What deliveries that have not left yet count on."""
    return {
        (line.id, product_id): (line.in_delivery - line.shipped) * line.factor * each
        for line in lines
        for product_id, each in stocked(line.product_id, line.needs_stock, line.parts).items()
    }


def whole_units(base: Decimal, factor: Decimal, digits: int) -> Decimal:
    """How many units of `factor` base units that quantity fills: rounded down, for a box is shipped full."""
    return (base / factor).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)


def filled(each: Mapping[UUID, Decimal], there: Mapping[UUID, Decimal], factor: Decimal, digits: int) -> Decimal:
    """How many units of a line the stock fills: what its scarcest part allows, rounded down."""
    return min(
        (whole_units(max(there.get(one, Decimal(0)), Decimal(0)), quantity * factor, digits)
         for one, quantity in each.items()), default=Decimal(0),
    )  # fmt: skip


def short_figures(
    each: Mapping[UUID, Decimal],
    missing: Mapping[UUID, tuple[Decimal, Decimal]],
    factor: Decimal,
    parts: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """What a refusal says of a short line: `available` in its unit, and of a bundle its `short_parts` in base units.

    `missing` gives (wanted, free) of each short product. A bundle is there only whole.
    """
    if not parts:
        ((_wanted, free),) = missing.values()
        return {"available": free / factor}
    scarce = {one: each[one] for one in missing}
    return {
        "available": filled(scarce, {one: free for one, (_wanted, free) in missing.items()}, factor, 0),
        "short_parts": [
            {"product_id": part["product_id"], "sku": part["sku"], "description": part["name"], "unit": part["unit"],
             "wanted": missing[UUID(part["product_id"])][0], "available": missing[UUID(part["product_id"])][1]}
            for part in parts if UUID(part["product_id"]) in missing
        ],
    }  # fmt: skip

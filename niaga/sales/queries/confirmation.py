"""What stands in the way of confirming an order, before anything is done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.credit import Hold, Standing
from niaga.sales.rules.parts import filled, stocked
from niaga.stock.queries.availability import Availability, availability


@dataclass(frozen=True, slots=True)
class Short:
    """A line of which less is free than it wants, in its unit; `comes` is when enough is expected.

    Of a bundle, `free` counts whole ones and `parts` are the names of those that are short.
    """

    line: SalesOrderLine
    wanted: Decimal
    free: Decimal
    comes: date | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prospect:
    """Changed prices (dicts of `check_prices`), short lines, and how the customer's credit stands to this order."""

    prices: Sequence[dict[str, Any]]
    short: Sequence[Short]
    standing: Standing
    order_total: Decimal
    more: Decimal
    """The same in the company's own currency: what confirming adds to what the customer owes."""

    @property
    def waits(self) -> list[Hold]:
        """What finance would have to release."""
        return self.standing.waits(more=self.more, total=self.order_total)


def short_lines(*, order: SalesOrder, lines: Sequence[SalesOrderLine], straight: Collection[UUID]) -> list[Short]:
    """Lines that cannot be held whole now; lines of one product are served in order. What a supplier sends straight to
    the customer is not among them. One statement."""
    lines = [line for line in lines if line.id not in straight]
    wants = {line.id: stocked(line.product_id, line.needs_stock, line.parts) for line in lines}
    stock = availability(
        product_ids={one for each in wants.values() for one in each}, company_id=order.company_id,
        warehouse_id=order.warehouse_id,
    )  # fmt: skip
    left: dict[UUID, Decimal] = {product_id: max(Decimal(0), one.free) for product_id, one in stock.items()}
    found = []
    for line in lines:
        each = wants[line.id]
        taken: dict[UUID, Decimal] = {}
        missing: dict[UUID, Decimal] = {}
        for product_id, quantity in each.items():
            want = line.quantity * line.factor * quantity
            taken[product_id] = min(want, left[product_id])
            left[product_id] -= taken[product_id]
            if taken[product_id] < want:
                missing[product_id] = want - taken[product_id]
        if missing:
            digits = 0 if line.parts else line.unit.digits if line.unit else 6
            days = [_day_when(stock[product_id], lacking) for product_id, lacking in missing.items()]
            comes = None if None in days else max(day for day in days if day is not None)
            scarce = tuple(part["name"] for part in line.parts if UUID(part["product_id"]) in missing)
            found.append(Short(line, line.quantity, filled(each, taken, line.factor, digits), comes, scarce))
    return found


def _day_when(stock: Availability, lacking: Decimal) -> date | None:
    """The day by which so much more is expected; none when it is not."""
    coming = Decimal(0)
    for incoming in stock.incoming:
        coming += incoming.quantity
        if coming >= lacking:
            return incoming.date
    return None

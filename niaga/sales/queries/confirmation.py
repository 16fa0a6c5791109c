"""What stands in the way of confirming an order, before anything is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.parties.queries.credit import credit_figures
from niaga.parties.rules.credit import CreditFigures
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.stock.queries.availability import availability


@dataclass(frozen=True, slots=True)
class Short:
    """A line of which less is free than it wants, in its unit; `comes` is when enough is expected."""

    line: SalesOrderLine
    wanted: Decimal
    free: Decimal
    comes: date | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """Changed prices (dicts of `check_prices`), short lines, and the customer's credit with this order."""

    prices: Sequence[dict[str, Any]]
    short: Sequence[Short]
    credit: CreditFigures
    order_total: Decimal

    @property
    def over_limit(self) -> bool:
        return not self.credit.has_room_for(self.order_total)


def short_lines(*, order: SalesOrder, lines: Sequence[SalesOrderLine]) -> list[Short]:
    """Lines that cannot be held whole now; lines of one product are served in order. One statement."""
    ids = {line.product_id for line in lines if line.product_id and line.needs_stock}
    stock = availability(product_ids=ids, company_id=order.company_id, warehouse_id=order.warehouse_id)
    left: dict[UUID, Decimal] = {product_id: max(Decimal(0), one.free) for product_id, one in stock.items()}
    found = []
    for line in lines:
        if not line.product_id or not line.needs_stock:
            continue
        want = line.quantity * line.factor
        take = min(want, left[line.product_id])
        left[line.product_id] -= take
        if take >= want:
            continue
        digits = line.unit.digits if line.unit else 6
        free = (take / line.factor).quantize(Decimal(1).scaleb(-digits), "ROUND_DOWN")
        coming, comes = Decimal(0), None
        for incoming in stock[line.product_id].incoming:
            coming += incoming.quantity
            if coming >= want - take:
                comes = incoming.date
                break
        found.append(Short(line, line.quantity, free, comes))
    return found


def credit_of(*, customer_id: UUID) -> CreditFigures:
    """The customer's figures as they stand."""
    return credit_figures([customer_id])[customer_id]

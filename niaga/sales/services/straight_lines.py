"""Which lines of a changed promise suppliers are asked to send straight to the customer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.drop_ships import sent_straight
from niaga.sales.services.ask_suppliers import ToSend
from niaga.stock.queries.suppliers import direct_suppliers


def straight_lines(lines: Sequence[SalesOrderLine]) -> list[ToSend]:
    """Which new lines of a promise their products' suppliers send straight to the customer; `direct` is set on them.
    One statement, none without a line of goods."""
    goods = [line for line in lines if _is_goods(line)]
    senders = direct_suppliers({line.product_id for line in goods if line.product_id is not None})
    return [
        _asked(line, senders[line.product_id], line.quantity)
        for line in goods
        if line.product_id is not None and line.product_id in senders
    ]


def grown_lines(lines: Sequence[SalesOrderLine], before: Mapping[UUID, SalesOrderLine]) -> list[ToSend]:
    """Of lines that stay and became more: what a supplier who was asked for all of a line before sends of it as well;
    `direct` is raised by it. A line of which stock sends a part is stock's. One statement, none when nothing grew."""
    grown = [line for line in lines if _is_goods(line) and line.quantity > before[line.id].quantity]
    asked = sent_straight({line.id for line in grown})
    found = []
    for line in grown:
        old, known = before[line.id], asked.get(line.id)
        if known is not None and line.factor == old.factor and known.quantity == old.quantity - old.cancelled:
            found.append(_asked(line, known.supplier_id, line.quantity - old.quantity))
    return found


def _is_goods(line: SalesOrderLine) -> bool:
    return line.product_id is not None and line.needs_stock and not line.parts


def _asked(line: SalesOrderLine, supplier_id: UUID, quantity: Decimal) -> ToSend:
    assert line.product_id is not None
    line.direct += quantity
    return ToSend(line.id, supplier_id, line.product_id, quantity, line.factor, line.planned_date)

"""To which suppliers a return can be sent, and whose goods it is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from niaga.organization.access import Actor
from niaga.returns.models import Return, ReturnLine
from niaga.sales.queries.drop_ships import sent_straight
from niaga.stock.queries.suppliers import direct_suppliers, visible_suppliers


def takers(*, by: Actor, with_address: bool = True) -> list[Any]:
    """The company's suppliers; those that have an address, where customers are to send something there."""
    rows = visible_suppliers(by=by).order_by("name", "id")
    return [one for one in rows if one.address.strip() or not with_address]


def usual_taker(rma: Return, lines: Sequence[ReturnLine]) -> UUID | None:
    """Who sent all of it straight to the customer; else who supplies all of its products. Two statements."""
    if rma.kind != "goods" or rma.order_id is None:
        return None
    sent = sent_straight({line.order_line_id for line in lines if line.order_line_id is not None})
    usual = direct_suppliers({line.product_id for line in lines})
    whose = {
        one.supplier_id if line.order_line_id is not None and (one := sent.get(line.order_line_id)) is not None
        else usual.get(line.product_id)
        for line in lines
    }  # fmt: skip
    return whose.pop() if len(whose) == 1 else None


def sent_straight_to(rma: Return) -> str:
    """The supplier and their address on one line, for who sends something there; empty: it comes to the warehouse."""
    if rma.supplier is None:
        return ""
    return ", ".join([rma.supplier.name, *(part.strip() for part in rma.supplier.address.splitlines() if part.strip())])

"""Which goods a return line is: its product, or when a bundle comes back whole the goods in it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.returns.models import ReturnLine
from niaga.sales.queries.returnable import left_at_cost, lots_left, stocked_contents
from niaga.stock.errors import OtherLot
from niaga.stock.queries.lots import lots_ever
from niaga.stock.services.take_back_goods import TakenBack


def goods_of(lines: Sequence[ReturnLine], quantities: Mapping[UUID, Decimal]) -> list[tuple[ReturnLine, UUID, Decimal]]:
    """Line, product and base units of so much of each line; one statement."""
    contents = stocked_contents(_sold(line for line in lines if line.part_each is None))
    found = []
    for line in lines:
        base = quantities[line.id] * line.factor
        alone = line.part_each is not None or line.order_line_id is None
        inside = {line.product_id: Decimal(1)} if alone else contents[line.order_line_id]  # type: ignore[index]
        found += [(line, product_id, base * each) for product_id, each in inside.items()]
    return found


def taken_back(
    lines: Sequence[ReturnLine], quantities: Mapping[UUID, Decimal], lots: Mapping[UUID, str] | None = None
) -> list[TakenBack]:
    """The goods with what they were worth as they left, and of which lot they are: `lots` names it by return line,
    where more than one left. Without a document nobody knows: they are worth the average there is, and the lot is named
    of all that ever were. Four statements.

    :raises OtherLot: a lot is named that did not leave with the line, or none where there were several
    """
    sold = _sold(lines)
    costs, left = left_at_cost(sold), lots_left(sold)
    ever = lots_ever([line.product_id for line in lines if line.order_line_id is None])
    found = []
    faults: list[dict[str, Any]] = []
    for line, product_id, base in goods_of(lines, quantities):
        key = line.order_line_id, product_id
        known = ever.get(product_id, []) if line.order_line_id is None else left.get(key, [])  # type: ignore[arg-type]
        name = (lots or {}).get(line.id, "").strip()
        fitting = [lot for lot in known if lot.number == name] if name else known
        unnamed = line.order_line_id is None and line.product.by_lot and not known
        if unnamed or (known and (len(fitting) != 1 or fitting[0].quantity < base)):
            there = sum((lot.quantity for lot in fitting), Decimal(0)) if name else Decimal(0)
            faults.append(
                {"line": line.position, "line_id": str(line.id), "description": line.description, "wanted": base,
                 "available": there, "lots": [lot.number for lot in known]}
            )  # fmt: skip
        found.append(TakenBack(line.id, product_id, base, costs.get(key), fitting[0].lot_id if fitting else None))  # type: ignore[arg-type]
    if faults:
        raise OtherLot(lines=faults, field="lots")
    return found


def lots_of_lines(lines: Sequence[ReturnLine]) -> dict[UUID, list[str]]:
    """The numbers of the lots that left with each line, or without a document of all that ever were; of what is not
    kept by lot none. Two statements."""
    left = lots_left(_sold(lines))
    ever = lots_ever([line.product_id for line in lines if line.order_line_id is None])
    found: dict[UUID, list[str]] = {}
    for line in lines:
        if line.order_line_id is None:
            found[line.id] = [lot.number for lot in ever.get(line.product_id, [])]
        else:
            found[line.id] = sorted(
                {lot.number for (sold, _product), lots in left.items() if sold == line.order_line_id for lot in lots}
            )
    return found


def _sold(lines: Iterable[ReturnLine]) -> list[UUID]:
    return [line.order_line_id for line in lines if line.order_line_id is not None]

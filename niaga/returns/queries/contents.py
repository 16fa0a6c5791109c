"""Which goods a return line is: its product, or when a bundle comes back whole the goods in it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.returns.models import ReturnLine
from niaga.sales.queries.returnable import left_at_cost, stocked_contents
from niaga.stock.services.take_back_goods import TakenBack


def goods_of(lines: Sequence[ReturnLine], quantities: Mapping[UUID, Decimal]) -> list[tuple[ReturnLine, UUID, Decimal]]:
    """Line, product and base units of so much of each line; one statement."""
    contents = stocked_contents([line.order_line_id for line in lines if line.part_each is None])
    found = []
    for line in lines:
        base = quantities[line.id] * line.factor
        inside = {line.product_id: Decimal(1)} if line.part_each is not None else contents[line.order_line_id]
        found += [(line, product_id, base * each) for product_id, each in inside.items()]
    return found


def taken_back(lines: Sequence[ReturnLine], quantities: Mapping[UUID, Decimal]) -> list[TakenBack]:
    """The goods with what they were worth as they left; two statements."""
    costs = left_at_cost([line.order_line_id for line in lines])
    return [
        TakenBack(line.id, product_id, base, costs.get((line.order_line_id, product_id)))
        for line, product_id, base in goods_of(lines, quantities)
    ]

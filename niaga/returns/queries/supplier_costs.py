"""What goods cost that a customer sends straight to their supplier: what the supplier is expected to credit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.core.money import round_amount
from niaga.returns.models import ReturnLine
from niaga.returns.queries.contents import goods_of
from niaga.sales.queries.returnable import left_at_cost


def supplier_costs(
    lines: Sequence[ReturnLine], quantities: Mapping[UUID, Decimal], *, currency: str
) -> dict[UUID, Decimal]:
    """What so much of each line left at, by return line; what is not known counts nothing. Two statements."""
    named = [line for line in lines if quantities.get(line.id)]
    if not named:
        return {}
    costs = left_at_cost([line.order_line_id for line in named if line.order_line_id is not None])
    found: dict[UUID, Decimal] = {}
    for line, product_id, base in goods_of(named, quantities):
        cost = costs.get((line.order_line_id, product_id)) if line.order_line_id is not None else None
        found[line.id] = found.get(line.id, Decimal(0)) + base * (cost or Decimal(0))
    return {line_id: round_amount(worth, currency) for line_id, worth in found.items()}

"""What an order weighs and takes up. The caller has checked access."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.queries.loads import SUMS
from niaga.catalog.rules.load import GoodsLoad
from niaga.core.queries.together import Question, Written

_SUMS = SUMS.format(quantity="(l.quantity - l.cancelled)", load="w")
_ORDER = f"""
SELECT {_SUMS} FROM sales_salesorderline l CROSS JOIN LATERAL catalog_load(l.product_id, l.unit_id, l.factor, l.parts) w
 WHERE l.order_id = %s::uuid AND l.product_id IS NOT NULL AND l.quantity > l.cancelled
"""
_TOLD: Mapping[str, Callable[[Any], Any]] = {
    "weight": Decimal, "volume": Decimal, "lines": int, "unweighed": int, "unmeasured": int
}  # fmt: skip


def load_of_order(*, order_id: UUID) -> Question[GoodsLoad]:
    """Of all that is promised, delivered or not."""
    return Question(Written(_ORDER, [order_id], _TOLD), lambda rows: GoodsLoad(**rows[0]))

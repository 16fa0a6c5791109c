from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.errors import StockGone
from niaga.stock.models import StockMove


class Movement(NamedTuple):
    """`quantity` base units in (positive) or out (negative); `from_reserved` of them leave what was held.

    `line_id` is the line of the source that moves them.
    """

    product_id: UUID
    quantity: Decimal
    unit_cost: Decimal | None = None
    from_reserved: Decimal = Decimal(0)
    line_id: UUID | None = None


def move_stock(
    *,
    batch: Batch,
    company_id: UUID,
    warehouse_id: UUID,
    reason: str,
    source_kind: str,
    source_id: UUID,
    movements: Sequence[Movement],
    by: UUID | None,
    at: datetime,
    makes_levels: bool = False,
) -> None:
    """Add moves and the change of levels to the batch; levels are locked in key order.

    With `makes_levels` (goods coming in) a product that was never here gets its level.

    :raises StockGone: when the batch is written, a level is missing
    :raises IntegrityError: the check `never_oversold` refuses a level below what is reserved
    """
    sums: dict[UUID, tuple[Decimal, Decimal]] = {}
    for movement in movements:
        quantity, held = sums.get(movement.product_id, (Decimal(0), Decimal(0)))
        sums[movement.product_id] = (quantity + movement.quantity, held + movement.from_reserved)
    need = batch.rows(
        "need",
        {"id": "uuid", "product_id": "uuid", "quantity": "numeric", "held": "numeric"},
        [
            {"id": new_id(), "product_id": product_id, "quantity": quantity, "held": held}
            for product_id, (quantity, held) in sums.items()
        ],
    )
    if makes_levels:
        batch.sql(
            "level",
            "INSERT INTO stock_stocklevel AS t (id, warehouse_id, product_id, on_hand, reserved)"
            f" SELECT n.id, %s::uuid, n.product_id, n.quantity, 0 FROM {need} n ORDER BY n.product_id"
            " ON CONFLICT (product_id, warehouse_id) DO UPDATE SET on_hand = t.on_hand + excluded.on_hand RETURNING 1",
            [warehouse_id],
            expect=len(sums),
            refusal=StockGone,
        )
    else:
        locked = batch.sql(
            "locked",
            f"SELECT l.id, n.quantity, n.held FROM stock_stocklevel l JOIN {need} n ON n.product_id = l.product_id"
            " WHERE l.warehouse_id = %s::uuid ORDER BY l.warehouse_id, l.product_id FOR UPDATE OF l",
            [warehouse_id],
        )
        batch.sql(
            "level",
            "UPDATE stock_stocklevel t SET on_hand = t.on_hand + k.quantity, reserved = t.reserved - k.held"
            f" FROM {locked} k WHERE t.id = k.id RETURNING 1",
            expect=len(sums),
            refusal=StockGone,
        )
    batch.insert(
        StockMove,
        [
            {
                "id": new_id(), "product_id": move.product_id, "quantity": move.quantity, "unit_cost": move.unit_cost,
                "line_id": move.line_id,
            }
            for move in movements
        ],
        company_id=company_id, warehouse_id=warehouse_id, reason=reason, source_kind=source_kind, source_id=source_id,
        at=at, by=by,
    )  # fmt: skip

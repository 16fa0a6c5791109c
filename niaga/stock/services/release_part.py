from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.stock.errors import StockGone


@dataclass(frozen=True, slots=True)
class Surplus:
    """`quantity` base units of a reservation that are no longer needed."""

    reservation_id: UUID
    product_id: UUID
    warehouse_id: UUID
    quantity: Decimal


def release_part(*, batch: Batch, parts: Sequence[Surplus]) -> None:
    """Give back parts of reservations; levels are locked in key order. The caller holds the document's lock.

    :raises StockGone: when the batch is written, a reservation holds less than that
    """
    if not parts:
        return
    surplus = batch.sql(
        "surplus",
        "SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[])"
        " AS v(id, product_id, warehouse_id, quantity)",
        [
            [part.reservation_id for part in parts], [part.product_id for part in parts],
            [part.warehouse_id for part in parts], [part.quantity for part in parts],
        ],
    )  # fmt: skip
    locked = batch.sql(
        "locked",
        "SELECT l.id, n.quantity FROM stock_stocklevel l"
        " JOIN (SELECT product_id, warehouse_id, sum(quantity) AS quantity"
        f" FROM {surplus} GROUP BY 1, 2) n USING (product_id, warehouse_id)"
        " ORDER BY l.warehouse_id, l.product_id FOR UPDATE OF l",
    )
    batch.sql(
        "level",
        f"UPDATE stock_stocklevel t SET reserved = t.reserved - k.quantity FROM {locked} k"
        " WHERE t.id = k.id RETURNING 1",
    )
    batch.sql(
        "released",
        f"UPDATE stock_reservation r SET quantity = r.quantity - f.quantity FROM {surplus} f"
        " WHERE r.id = f.id AND r.quantity >= f.quantity RETURNING 1",
        expect=len(parts),
        refusal=StockGone,
    )

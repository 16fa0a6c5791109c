from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id


class Want(NamedTuple):
    """Hold `quantity` base units of a product for a line. With `may_wait`, what is missing is a backorder.

    A line may want several products, each of them once.
    """

    line_id: UUID
    product_id: UUID
    quantity: Decimal
    may_wait: bool = False


Shortages = dict[tuple[UUID, UUID], tuple[Decimal, Decimal, bool]]
"""By (line, product)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the batch will tell: `shortages(written)` after it was written."""

    name: str

    def shortages(self, written: dict[Any, Any]) -> Shortages:
        """How much was wanted, how much could be held, whether it may wait. What is held whole is absent."""
        return {
            (UUID(line), UUID(product)): (Decimal(want), Decimal(take), wait)
            for line, product, want, take, wait in written[self.name] or ()
        }


def reserve_stock(
    *,
    batch: Batch,
    company_id: UUID,
    warehouse_id: UUID,
    source_kind: str,
    source_id: UUID,
    wants: Sequence[Want],
    at: datetime,
) -> Held:
    """Add a reservation of all lines to the batch: one set-based statement, levels locked in the order of their key.

    The levels are locked first and read as they are after the wait, so two orders never count the same unit; the
    check `never_oversold` on the level refuses what arithmetic would miss. Lines of one product are served in order.
    A line has one reservation of a product in a warehouse: what is held later is added to it.
    Nothing is held at all when a line that may not wait is short: the caller refuses and its transaction rolls back.
    """
    want = batch.rows(
        "want",
        {"id": "uuid", "line_id": "uuid", "product_id": "uuid", "quantity": "numeric", "may_wait": "bool",
         "ord": "int"},
        [
            {"id": new_id(), "line_id": line.line_id, "product_id": line.product_id, "quantity": line.quantity,
             "may_wait": line.may_wait, "ord": place}
            for place, line in enumerate(wants)
        ],
    )  # fmt: skip
    locked = batch.sql(
        "locked",
        "SELECT l.id, l.product_id, l.on_hand - l.reserved - l.barred AS free FROM stock_stocklevel l"
        f" WHERE l.warehouse_id = %s::uuid AND l.product_id IN (SELECT product_id FROM {want})"
        " ORDER BY l.warehouse_id, l.product_id FOR UPDATE",
        [warehouse_id],
    )
    taken = batch.sql(
        "taken",
        "SELECT w.*, least(w.quantity, greatest(0, coalesce(k.free, 0) -"
        " (sum(w.quantity) OVER (PARTITION BY w.product_id ORDER BY w.ord) - w.quantity))) AS take"
        f" FROM {want} w LEFT JOIN {locked} k ON k.product_id = w.product_id",
        result="(SELECT json_agg(json_build_array(line_id, product_id, quantity::text, take::text, may_wait)"
        " ORDER BY ord) FROM {name} WHERE take < quantity)",
    )
    allowed = f"NOT EXISTS (SELECT 1 FROM {taken} s WHERE s.take < s.quantity AND NOT s.may_wait)"
    batch.sql(
        "held",
        f"UPDATE stock_stocklevel t SET reserved = t.reserved + n.take FROM {locked} k"
        f" JOIN (SELECT product_id, sum(take) AS take FROM {taken} GROUP BY product_id) n"
        " ON n.product_id = k.product_id"
        f" WHERE t.id = k.id AND n.take > 0 AND {allowed} RETURNING 1",
    )
    batch.sql(
        "reservation",
        "INSERT INTO stock_reservation (id, company_id, warehouse_id, product_id, source_kind, source_id, line_id,"
        " quantity, created_at) SELECT s.id, %s::uuid, %s::uuid, s.product_id, %s::text, %s::uuid, s.line_id, s.take,"
        f" %s::timestamptz FROM {taken} s WHERE s.take > 0 AND {allowed}"
        " ON CONFLICT (source_id, line_id, product_id, warehouse_id)"
        " DO UPDATE SET quantity = stock_reservation.quantity + excluded.quantity RETURNING 1",
        [company_id, warehouse_id, source_kind, source_id, at],
    )
    return Held(taken)

from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch


def release_stock(*, batch: Batch, source_id: UUID, line_ids: list[UUID] | None = None, at: datetime) -> str:
    """Give back what is still held for a document (or for some of its lines). The caller holds the document's lock."""
    only = "" if line_ids is None else " AND r.line_id = ANY(%s::uuid[])"
    freed = batch.sql(
        "freed",
        "SELECT r.id, r.product_id, r.warehouse_id, r.quantity FROM stock_reservation r"
        f" WHERE r.source_id = %s::uuid AND r.quantity > 0{only} FOR UPDATE",
        [source_id, *([] if line_ids is None else [line_ids])],
    )
    locked = batch.sql(
        "locked",
        "SELECT l.id, n.quantity FROM stock_stocklevel l"
        f" JOIN (SELECT product_id, warehouse_id, sum(quantity) AS quantity FROM {freed} GROUP BY 1, 2) n"
        " USING (product_id, warehouse_id) ORDER BY l.warehouse_id, l.product_id FOR UPDATE OF l",
    )
    batch.sql(
        "level",
        f"UPDATE stock_stocklevel t SET reserved = t.reserved - k.quantity FROM {locked} k WHERE t.id = k.id"
        " RETURNING 1",
    )
    return batch.sql(
        "released", f"UPDATE stock_reservation r SET quantity = 0 FROM {freed} f WHERE r.id = f.id RETURNING 1"
    )

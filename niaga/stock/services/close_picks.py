from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch

_ITS = """
SELECT k.id, k.pick_list_id, k.picked FROM stock_pickline k JOIN stock_deliveryline l ON l.id = k.delivery_line_id
 WHERE l.delivery_id = %s::uuid
"""


def close_picks(*, batch: Batch, delivery_id: UUID, at: datetime) -> None:
    """Take what nobody fetched for a delivery off its pick list, since it leaves or was called off; a list with
    nothing left to fetch is done. Added to the batch of the verb that locked the delivery with its picks."""
    its = batch.sql("picks", _ITS, [delivery_id])
    batch.sql(
        "unpicked",
        f"DELETE FROM stock_pickline WHERE id IN (SELECT id FROM {its} WHERE picked IS NULL) RETURNING 1",
    )
    batch.sql(
        "picked",
        "UPDATE stock_picklist p SET status = 'done', updated_at = %s::timestamptz, version = version + 1"
        f" WHERE p.status = 'open' AND p.id IN (SELECT pick_list_id FROM {its})"
        " AND NOT EXISTS (SELECT 1 FROM stock_pickline k WHERE k.pick_list_id = p.id AND k.picked IS NULL"
        f" AND k.id NOT IN (SELECT id FROM {its})) RETURNING 1",
        [at],
    )

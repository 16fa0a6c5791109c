from collections.abc import Sequence
from datetime import date
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.models import LotPick
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.queries.planning import ToFetch
from niaga.stock.rules.first_expired import first_expired, less
from niaga.stock.services.lock_levels import lock_levels


def propose_lots(*, batch: Batch, goods: Sequence[ToFetch], warehouse_id: UUID, today: date) -> None:
    """Add to the batch which lots are to be fetched: what expires first, each piece for one line. Who was told which
    lots to take keeps them. No statement when nothing is kept by lot; what good lots do not have is not proposed."""
    asked = [one for one in goods if one.by_lot]
    if not asked:
        return
    products = {one.product_id for one in asked}
    lock_levels(keys=[(warehouse_id, product_id) for product_id in products])
    lines = {one.line_id for one in asked}
    told = set(LotPick.objects.filter(delivery_line_id__in=lines).values_list("delivery_line_id", "part_id"))
    there = lots_at_hand(warehouse_id=warehouse_id, product_ids=products, today=today)
    rows = []
    for one in asked:
        if (one.line_id, one.part_id) in told:
            continue
        taken, _missing = first_expired(there.get(one.product_id, ()), wanted=one.quantity)
        there[one.product_id] = less(there.get(one.product_id, ()), taken)
        rows += [
            {"id": new_id(), "delivery_line_id": one.line_id, "part_id": one.part_id, "lot_id": lot.lot_id,
             "quantity": quantity, "is_fetched": False}
            for lot, quantity in taken
        ]  # fmt: skip
    batch.insert(LotPick, rows)

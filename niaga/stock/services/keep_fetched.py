from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.stock.errors import OtherLot
from niaga.stock.models import LotPick, PickLine
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.rules.first_expired import first_expired
from niaga.stock.services.choose_lots import fitting, keep_picks
from niaga.stock.services.lock_levels import lock_levels


def keep_fetched(
    *, batch: Batch, line: PickLine, quantity: Decimal, lots: Sequence[tuple[str, Decimal]], at: datetime
) -> bool:
    """Write which lots were fetched for a line of a pick list: those that are named, else the proposed ones. Whether
    they are others than were proposed.

    :raises OtherLot: a lot is blocked, past its day or has less than that; or the lots do not add up
    """
    delivery = line.delivery_line.delivery
    lock_levels(keys=[(delivery.warehouse_id, line.product_id)])
    there = lots_at_hand(
        warehouse_id=delivery.warehouse_id, product_ids=[line.product_id], but_for=[line.delivery_line_id],
        today=day_at(at=at, zone=delivery.branch.zone),
    ).get(line.product_id, [])  # fmt: skip
    picks = LotPick.objects.filter(delivery_line_id=line.delivery_line_id, part_id=line.part_id)
    proposed: dict[UUID, Decimal] = dict(picks.values_list("lot_id", "quantity"))
    if lots:
        if sum((one[1] for one in lots), Decimal(0)) != quantity:
            raise OtherLot(field="lots")
        taken = fitting(there, lots, most=quantity, line_id=line.id)
    else:
        mine = [lot._replace(free=min(lot.free, proposed[lot.lot_id])) for lot in there if lot.lot_id in proposed]
        taken, missing = first_expired(mine if proposed else there, wanted=quantity)
        if missing:
            raise OtherLot(field="lots")
    keep_picks(batch=batch, line_id=line.delivery_line_id, part_id=line.part_id, taken=taken, is_fetched=True)
    return bool(proposed) and any(lot.lot_id not in proposed for lot, _quantity in taken)

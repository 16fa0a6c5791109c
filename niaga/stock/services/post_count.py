from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import move
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import BadStockLines
from niaga.stock.models import Adjustment, AdjustmentLine
from niaga.stock.queries.counts import lock_count
from niaga.stock.rules.count_flow import count_flow
from niaga.stock.services.lock_levels import lock_levels, require_free
from niaga.stock.services.move_lots import barred_taken, require_lots, summed
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.value_moves import Movement


@transaction.atomic
def post_count(*, count_id: UUID, by: Actor, at: datetime) -> Adjustment:
    """Make what was counted what is on hand: the differences become moves. Lines without a figure stay as they are.

    :raises NotFound: no such count
    :raises Forbidden: the person may not post it
    :raises WrongState: it was posted or cancelled
    :raises BadStockLines: nothing was counted yet
    :raises NotEnoughFree: fewer were counted than are reserved for orders; each such line is answered
    :raises PeriodClosed: the books of today's month are closed
    """
    count = lock_count(count_id)
    access_of(by).require("stock", "record", count.warehouse)
    batch = Batch()
    move(batch=batch, flow=count_flow, document=count, move="post", by=by.id, at=at, values={"posted_at": at})
    lines = list(
        AdjustmentLine.objects.filter(adjustment_id=count.id, counted__isnull=False).values_list(
            "product_id", "difference", "position", "product__name", "lot_id"
        )
    )
    if not lines:
        raise BadStockLines(field="lines")
    moves = summed([Movement(line[0], line[1], lot_id=line[4]) for line in lines if line[1]])
    changed: dict[UUID, Decimal] = {}
    for one in moves:
        changed[one.product_id] = changed.get(one.product_id, Decimal(0)) + one.quantity
    places = {line[0]: (line[2], line[3]) for line in lines}
    levels = lock_levels(keys=[(count.warehouse_id, product_id) for product_id in changed])
    require_lots(warehouse_id=count.warehouse_id, moves=moves, places=places)
    barred = barred_taken(moves)
    require_free(
        taken={
            (count.warehouse_id, key): -difference - barred.get(key, Decimal(0))
            for key, difference in changed.items()
            if difference < 0
        },
        levels=levels, places=places,
    )  # fmt: skip
    if moves:
        today = day_at(at=at, zone=count.warehouse.branch.zone)
        move_stock(
            batch=batch, company_id=count.company_id, warehouse_id=count.warehouse_id, reason="count",
            source_kind="count", source_id=count.id, by=by.id, at=at,
            booking=Booking(count.warehouse.branch_id, today, count.number, count.warehouse.company.currency),
            movements=moves,
        )  # fmt: skip
    batch.write()
    return count

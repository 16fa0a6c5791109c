from datetime import datetime
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
            "product_id", "difference", "position", "product__name"
        )
    )
    if not lines:
        raise BadStockLines(field="lines")
    changed = {product_id: difference for product_id, difference, _place, _name in lines if difference}
    levels = lock_levels(keys=[(count.warehouse_id, product_id) for product_id in changed])
    require_free(
        taken={(count.warehouse_id, key): -difference for key, difference in changed.items() if difference < 0},
        levels=levels,
        places={product_id: (place, name) for product_id, _difference, place, name in lines},
    )
    if changed:
        today = day_at(at=at, zone=count.warehouse.branch.zone)
        move_stock(
            batch=batch, company_id=count.company_id, warehouse_id=count.warehouse_id, reason="count",
            source_kind="count", source_id=count.id, by=by.id, at=at,
            booking=Booking(count.warehouse.branch_id, today, count.number, count.warehouse.company.currency),
            movements=[Movement(product_id, difference) for product_id, difference in changed.items()],
        )  # fmt: skip
    batch.write()
    return count

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Adjustment, AdjustmentLine
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.check_lines import StockItem, check_lines
from niaga.stock.services.lock_levels import lock_levels, require_free
from niaga.stock.services.move_lots import barred_taken, require_lots, summed
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.name_lots import name_lots


@transaction.atomic
def adjust_stock(
    *,
    warehouse_id: UUID,
    items: Sequence[StockItem],
    reason: str,
    is_opening: bool = False,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Correct what is on hand, at once: each line adds its quantity, or with a negative one takes it away.

    What is added is worth its unit cost, without one the average; what is taken away, the average. It is booked as
    found or lost; with `is_opening`, as a correction of what was there when the books began.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not adjust stock there
    :raises ReasonMissing: no reason was given
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    :raises NotEnoughFree: more would go than is free; each such line is answered
    :raises PeriodClosed: the books of today's month are closed
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("stock", "record", warehouse)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lines = check_lines(company_id=warehouse.company_id, items=items, signed=True, by_lot=True)
    today = day_at(at=at, zone=warehouse.branch.zone)
    lots = name_lots(company_id=warehouse.company_id, lines=lines, today=today, by=by.id, at=at)
    differences: dict[UUID, Decimal] = {}
    places: dict[UUID, tuple[int, str]] = {}
    for place, line in enumerate(lines, 1):
        differences[line.product.id] = differences.get(line.product.id, Decimal(0)) + line.base
        places.setdefault(line.product.id, (place, line.product.name))
    levels = lock_levels(keys=[(warehouse.id, product_id) for product_id in differences])
    moves = [move for line in lines for move in line.movements(lots, unit_cost=line.unit_cost)]
    require_lots(warehouse_id=warehouse.id, moves=moves, places=places)
    taken = {(warehouse.id, product_id): -change for product_id, change in differences.items() if change < 0}
    barred = barred_taken(moves)
    require_free(
        taken={key: base - barred.get(key[1], Decimal(0)) for key, base in taken.items()}, levels=levels, places=places
    )

    adjustment = Adjustment(
        id=new_id(), company_id=warehouse.company_id, warehouse_id=warehouse.id, reason=reason.strip(),
        created_by=by.id, created_at=at, updated_at=at, posted_at=at,
    )  # fmt: skip
    batch = Batch()
    number = batch.draw(
        company_id=warehouse.company_id, kind="adjustment", period=str(today.year), prefix=f"ADJ-{today.year}-"
    )
    row = {column.attname: getattr(adjustment, column.attname) for column in Adjustment._meta.concrete_fields}
    batch.insert(Adjustment, [{**row, "number": number}])
    batch.insert(
        AdjustmentLine,
        [
            {"id": new_id(), "position": place, "product_id": move.product_id, "difference": move.quantity,
             "lot_id": move.lot_id}
            for place, move in enumerate(moves, 1)
        ],
        adjustment_id=adjustment.id,
    )  # fmt: skip
    move_stock(
        batch=batch, company_id=warehouse.company_id, warehouse_id=warehouse.id,
        reason="opening" if is_opening else "adjustment", source_kind="adjustment", source_id=adjustment.id, by=by.id,
        at=at, booking=Booking(warehouse.branch_id, today, number, warehouse.company.currency),
        movements=summed(moves),
    )  # fmt: skip
    record(
        batch=batch, subject_kind="adjustment", subject_id=adjustment.id, verb="adjust", by=by.id, at=at,
        company_id=warehouse.company_id, to_status="posted", note=adjustment.reason,
    )  # fmt: skip
    adjustment.number = batch.write()[number]
    return adjustment

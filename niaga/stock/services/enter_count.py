from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound, StaleVersion
from niaga.core.flow import check_move
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import BadStockLines
from niaga.stock.models import Adjustment, AdjustmentLine, LotLevel, StockLevel
from niaga.stock.queries.counts import lock_count
from niaga.stock.rules.count_flow import count_flow

_ABSURD = Decimal(10) ** 12


@transaction.atomic
def enter_count(
    *,
    count_id: UUID,
    counted: Mapping[UUID, Decimal | None],
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Write down what was counted, by line in base units; None takes a figure back.

    A line's expectation becomes what is on hand at this moment, so that goods which moved while people walked the
    shelves are not counted as missing.

    :raises NotFound: no such count, or a named line is not one of it
    :raises Forbidden: the person may not change it
    :raises WrongState: it was posted or cancelled
    :raises StaleVersion: somebody saved in between
    :raises BadStockLines: a figure is below zero or absurd; each is answered
    """
    count = lock_count(count_id)
    access_of(by).require("stock", "change", count.warehouse)
    check_move(count_flow, "enter", count.status)
    if version is not None and version != count.version:
        raise StaleVersion()
    rows = AdjustmentLine.objects.filter(adjustment_id=count.id, id__in=list(counted))
    lines = {row.id: row for row in rows.order_by("position")}
    if set(counted) - set(lines):
        raise NotFound(field="lines")
    faults = [
        {"line": lines[line_id].position, "line_id": str(line_id), "field": "counted", "code": "negative_or_absurd"}
        for line_id, figure in counted.items()
        if figure is not None and not 0 <= figure < _ABSURD
    ]
    if faults:
        raise BadStockLines(lines=faults, field="lines")
    products, lots = (
        {line.product_id for line in lines.values()},
        {line.lot_id for line in lines.values() if line.lot_id},
    )
    here = StockLevel.objects.filter(warehouse_id=count.warehouse_id, product_id__in=products)
    on_hand: dict[UUID | None, Decimal] = dict(here.values_list("product_id", "on_hand"))
    if lots:
        of_lots = LotLevel.objects.filter(warehouse_id=count.warehouse_id, lot_id__in=lots)
        on_hand |= dict(of_lots.values_list("lot_id", "on_hand"))
    batch = Batch()
    batch.update_each(
        AdjustmentLine,
        [
            {"id": line_id, "counted": figure, "expected": on_hand.get(line.lot_id or line.product_id, Decimal(0))}
            for line_id, figure in counted.items()
            if (line := lines[line_id])
        ],
        values={
            "counted": "v.counted",
            "expected": "CASE WHEN v.counted IS NOT DISTINCT FROM t.counted THEN t.expected ELSE v.expected END",
            "difference": "CASE WHEN v.counted IS NULL THEN 0 WHEN v.counted IS NOT DISTINCT FROM t.counted"
            " THEN t.difference ELSE v.counted - v.expected END",
        },
    )
    batch.update(Adjustment, where={"id": count.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
    batch.write()

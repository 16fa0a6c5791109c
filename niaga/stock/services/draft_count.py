from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import BadStockLines
from niaga.stock.models import Adjustment, AdjustmentLine
from niaga.stock.queries.warehouses import warehouse_row

_SHEET = """
SELECT p.id, coalesce(v.on_hand, l.on_hand, 0), v.lot_id FROM catalog_product p
  LEFT JOIN stock_stocklevel l ON l.product_id = p.id AND l.warehouse_id = %s::uuid
  LEFT JOIN (stock_lotlevel v JOIN stock_lot o ON o.id = v.lot_id)
    ON p.by_lot AND v.product_id = p.id AND v.warehouse_id = l.warehouse_id AND v.on_hand > 0
 WHERE (NOT p.by_lot OR v.id IS NOT NULL) AND p.company_id = %s::uuid
   AND (p.kind = 'goods' OR l.on_hand > 0) AND {which}
 ORDER BY p.name COLLATE "C", p.id, o.expires_on, o.number LIMIT 10000
"""


@transaction.atomic
def draft_count(
    *, warehouse_id: UUID, product_ids: Collection[UUID] | None = None, reason: str = "", by: Actor, at: datetime
) -> Adjustment:
    """Draw up a count sheet: the named products, or everything the warehouse has or had, with what should be there.
    What is kept by lot has a line for each lot that is there.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not count there
    :raises BadStockLines: there is nothing to count
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("stock", "create", warehouse)
    which = "l.id IS NOT NULL AND (l.on_hand <> 0 OR p.archived_at IS NULL)"
    params: list[Any] = [warehouse.id, warehouse.company_id]
    if product_ids is not None:
        which = "p.id = ANY(%s::uuid[])"
        params.append(list(product_ids))
    with connection.cursor() as cursor:
        cursor.execute(_SHEET.format(which=which), params)
        rows = cursor.fetchall()
    if not rows:
        raise BadStockLines(field="lines")

    today = day_at(at=at, zone=warehouse.branch.zone)
    count = Adjustment(
        id=new_id(), company_id=warehouse.company_id, warehouse_id=warehouse.id, is_count=True, status="draft",
        reason=reason.strip()[:200], created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    batch = Batch()
    number = batch.draw(
        company_id=warehouse.company_id, kind="count", period=str(today.year), prefix=f"CNT-{today.year}-"
    )
    row = {column.attname: getattr(count, column.attname) for column in Adjustment._meta.concrete_fields}
    batch.insert(Adjustment, [{**row, "number": number}])
    batch.insert(
        AdjustmentLine,
        [
            {"id": new_id(), "position": place, "product_id": product_id, "expected": on_hand, "lot_id": lot_id}
            for place, (product_id, on_hand, lot_id) in enumerate(rows, 1)
        ],
        adjustment_id=count.id,
    )
    record(
        batch=batch, subject_kind="count", subject_id=count.id, verb="draft", by=by.id, at=at,
        company_id=warehouse.company_id, to_status="draft",
    )  # fmt: skip
    count.number = batch.write()[number]
    return count

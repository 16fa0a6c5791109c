from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.stock.errors import BadStockLines
from niaga.stock.models import DeliveryLine
from niaga.stock.queries.deliveries import ShippedLine


def cut_delivery(
    *, batch: Batch, lines: list[ShippedLine], quantities: Mapping[UUID, Decimal]
) -> tuple[list[ShippedLine], dict[UUID, Decimal]]:
    """Lessen a locked delivery to the named quantities (by line, in its unit); lines of nothing go.

    Adds the change to the batch. Returns the lines that remain, with their new quantities, and by line what was cut.

    :raises NotFound: a named line is not one of the delivery
    :raises BadStockLines: more than the line has, less than nothing, or nothing at all
    """
    known = {line.id: line for line in lines}
    if set(quantities) - set(known):
        raise NotFound(field="lines")
    wanted = {line.id: quantities.get(line.id, line.quantity) for line in lines}
    faults: list[dict[str, Any]] = [
        {
            "line": line.position, "line_id": str(line.id), "field": "quantity", "wanted": wanted[line.id],
            "available": line.quantity,
        }
        for line in lines
        if not 0 <= wanted[line.id] <= line.quantity
    ]  # fmt: skip
    if faults or not any(wanted.values()):
        raise BadStockLines(lines=faults, field="lines")
    cut = {line.id: line.quantity - wanted[line.id] for line in lines if wanted[line.id] < line.quantity}
    batch.update_each(
        DeliveryLine,
        [{"id": line_id, "quantity": wanted[line_id]} for line_id in cut if wanted[line_id]],
        values={"quantity": "v.quantity"},
    )
    gone = [line_id for line_id in cut if not wanted[line_id]]
    if gone:
        batch.sql("unpicked", "DELETE FROM stock_pickline WHERE delivery_line_id = ANY(%s::uuid[]) RETURNING 1", [gone])
        batch.sql("unlotted", "DELETE FROM stock_lotpick WHERE delivery_line_id = ANY(%s::uuid[]) RETURNING 1", [gone])
        batch.sql("empty", "DELETE FROM stock_deliverypart WHERE line_id = ANY(%s::uuid[]) RETURNING 1", [gone])
        batch.sql("gone", "DELETE FROM stock_deliveryline WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    return [line._replace(quantity=wanted[line.id]) for line in lines if wanted[line.id]], cut

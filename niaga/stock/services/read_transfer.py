from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import SameWarehouse
from niaga.stock.models import Warehouse
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.check_lines import CheckedLine, StockItem, check_lines
from niaga.stock.services.name_lots import Named, name_lots


@dataclass(frozen=True, slots=True)
class AskedTransfer:
    """What is to go from one warehouse to another, looked up. `places` tells each product's first line and name."""

    source: Warehouse
    target: Warehouse
    lines: list[CheckedLine]
    lots: Named
    places: dict[UUID, tuple[int, str]]
    today: date


def read_transfer(
    *, source_id: UUID, target_id: UUID, items: Sequence[StockItem], by: Actor, at: datetime
) -> AskedTransfer:
    """What both ways to transfer begin with; nothing is locked yet.

    :raises NotFound: no such warehouse, or not of one company
    :raises Forbidden: the person may not move goods out of the first
    :raises SameWarehouse: both are the same
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    """
    if source_id == target_id:
        raise SameWarehouse(field="target")
    source, target = warehouse_row(source_id, field="source"), warehouse_row(target_id, field="target")
    if source.company_id != target.company_id:
        raise NotFound(field="target")
    access_of(by).require("stock", "create", source)
    lines = check_lines(company_id=source.company_id, items=items)
    today = day_at(at=at, zone=source.branch.zone)
    lots = name_lots(company_id=source.company_id, lines=lines, today=today, may_make=False, by=by.id, at=at)
    places: dict[UUID, tuple[int, str]] = {}
    for place, line in enumerate(lines, 1):
        places.setdefault(line.product.id, (place, line.product.name))
    return AskedTransfer(source, target, lines, lots, places, today)

"""The earliest day on which an order, or lines not written yet, can leave a warehouse. The caller checks access."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from niaga.catalog.queries.loads import loads_of
from niaga.catalog.rules.load import ToWeigh
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.day_loads import day_loads
from niaga.sales.queries.lines import held_products
from niaga.sales.rules.drop_ship import usual_day
from niaga.sales.rules.earliest_day import Days, Earliest, Wanted, find_days
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.parts import frozen_parts, stocked
from niaga.stock.queries.availability import availability
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.queries.suppliers import lead_days_of
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.rules.capacity import FARTHEST, Capacity
from niaga.stock.rules.day_load import DayLoad

_STOCKED = ("goods", "bundle")


def earliest_day_of(
    *, order: SalesOrder, lines: Sequence[SalesOrderLine], straight: Mapping[UUID, date], at: datetime
) -> Earliest:
    """For the lines of an order that have not left, loaded with their products; `straight` as `straight_days` told it.
    What it holds is for it."""
    wanted = []
    for line in lines:
        if line.product_id is None or (rest := line.quantity - line.cancelled - line.shipped) <= 0:
            continue
        each = stocked(line.product_id, line.needs_stock, line.parts)
        kept = Decimal(0) if order.status == "draft" and line.id in straight else rest - line.direct
        takes = {one: kept * line.factor * quantity for one, quantity in each.items() if kept > 0}
        weighed = ToWeigh(line.product_id, line.unit_id, kept, line.factor, line.parts)
        wanted.append(Wanted(str(line.id), line.description, takes, straight.get(line.id), weighed))
    return earliest_days(
        warehouse_id=order.warehouse_id, lines=wanted, asked=order.requested_date, at=at,
        for_order=order.id if order.status == "confirmed" else None,
    )  # fmt: skip


def wanted_lines(lines: Sequence[tuple[str, LineInput]], products: Mapping[Any, Any], *, today: date) -> list[Wanted]:
    """Lines that are not written yet, by a key of the caller's; those that cannot be sold so are left out. What their
    products' suppliers send straight to the customer takes the suppliers' days. One statement."""
    wanted = []
    leads = lead_days_of({product.id for product in products.values() if product.kind == "goods"})
    for key, line in lines:
        product = products.get(line.product_id or line.sku or "")
        unit = product.unit(line.unit) if product is not None and line.is_priced else None
        if product is None or unit is None:
            continue
        parts = frozen_parts(product.parts)
        each = stocked(product.id, product.kind in _STOCKED, parts)
        takes = {one: line.quantity * unit.factor * quantity for one, quantity in each.items() if one not in leads}
        straight = usual_day(today=today, lead_days=leads[product.id], planned=None) if product.id in leads else None
        kept = Decimal(0) if straight else line.quantity
        weighed = ToWeigh(product.id, unit.id, kept, unit.factor, parts)
        wanted.append(Wanted(key, line.description or product.name, takes, straight, weighed))
    return wanted


def earliest_days(
    *,
    warehouse_id: UUID,
    lines: Sequence[Wanted],
    asked: date | None,
    at: datetime,
    for_order: UUID | None = None,
) -> Earliest:
    """As many statements for a thousand lines as for one: the warehouse, what there is and comes, its limits, and
    what is planned on its days; one more where goods are weighed, one more `for_order`, whose goods and place
    count as free.

    :raises NotFound: no such warehouse
    """
    place = warehouse_row(warehouse_id)
    local = at.astimezone(ZoneInfo(place.branch.zone))
    today = local.date()
    there = availability(
        product_ids={one for line in lines for one in line.takes}, company_id=place.company_id,
        warehouse_id=warehouse_id, but_for=for_order,
    )  # fmt: skip
    held = held_products(order_id=for_order) if for_order else {}
    steps = {
        key: one.to_promise(today, free=max(one.free, Decimal(0)) + held.get(key, Decimal(0)))
        for key, one in there.items()
    }
    capacity = capacity_of(warehouse_id=warehouse_id, since=today)
    first = capacity.first_day(local.replace(tzinfo=None)) if capacity else today
    used = _used(capacity, warehouse_id, first, for_order)
    if capacity is not None and capacity.weighs:
        lines = _weighed(lines)
    return find_days(lines, steps=steps, days=Days(today, first, capacity, used), asked=asked)


def _weighed(lines: Sequence[Wanted]) -> list[Wanted]:
    """The lines with what they weigh; one statement."""
    loads = loads_of([line.weighed or ToWeigh(None, None, Decimal(0), Decimal(1)) for line in lines])
    return [line._replace(load=load) for line, load in zip(lines, loads, strict=True)]


def _used(capacity: Capacity | None, warehouse_id: UUID, first: date, but_for: UUID | None) -> Mapping[date, DayLoad]:
    if capacity is None:
        return {}
    ahead = [first + timedelta(days=n) for n in range(min(FARTHEST * 2, (date.max - first).days))]
    return day_loads(warehouse_id=warehouse_id, days=ahead, weighs=capacity.weighs, but_for=but_for)

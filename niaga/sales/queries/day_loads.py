"""What is planned to leave a warehouse on its days, and the next day with room."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from niaga.catalog.queries.loads import loads_of
from niaga.catalog.rules.load import GoodsLoad, ToWeigh, load_sum
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.other_day import LineToLeave
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.rules.capacity import EMPTY, FARTHEST
from niaga.stock.rules.day_load import DayLoad, shown


class FullDay(NamedTuple):
    """A day that does not take an order: in which measure, what is planned on it, its limit (none: it is closed, see
    `reason`), and the next day that takes it; None: none within a year. Weights to a tenth of a kilogram or cubic
    metre; `unweighed` of the order's lines have none."""

    day: date
    used: Decimal
    limit: int | None
    reason: str
    next_day: date | None
    measure: str = ""
    more: Decimal = Decimal(1)
    unweighed: int = 0


def day_loads(
    *, warehouse_id: UUID, days: Sequence[date], weighs: bool, but_for: UUID | None = None, hold: bool = False
) -> Mapping[date, DayLoad]:
    """What of confirmed orders is still to leave, by day; goods are weighed only if that `weighs`. With `hold` nobody
    else plans on these days until the transaction ends. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM sales_load_of_days(%s::uuid, %s::date[], %s::uuid, %s, %s)",
            [warehouse_id, list(days), but_for, hold, weighs],
        )
        return {day: DayLoad(orders, lines, GoodsLoad(*goods)) for day, orders, lines, *goods in cursor.fetchall()}


Leaving = Mapping[date, Sequence[ToWeigh]]
"""What of an order leaves on which day, by its lines."""


def days_of(planned: date | None, lines: Iterable[tuple[date | None, ToWeigh]]) -> dict[date, list[ToWeigh]]:
    """Which lines of an order leave on which day: a line's own, else the order's."""
    found: dict[date, list[ToWeigh]] = {}
    for own, line in lines:
        if (day := own or planned) is not None:
            found.setdefault(day, []).append(line)
    return found


def own_loads(leaving: Leaving, *, weighs: bool) -> dict[date, DayLoad]:
    """What an order brings to each of its days; one statement if its goods are weighed."""
    lines = [line for some in leaving.values() for line in some]
    goods = iter(loads_of(lines) if weighs else [GoodsLoad()] * len(lines))
    return {day: DayLoad(1, len(some), load_sum(next(goods) for _line in some)) for day, some in leaving.items()}


def to_leave(line: Any) -> ToWeigh:
    """What of a line our warehouse has still to send."""
    rest = line.quantity - line.cancelled - line.shipped - line.direct
    return ToWeigh(line.product_id, line.unit_id, max(rest, Decimal(0)), line.factor, line.parts)


def lines_to_leave(order_id: UUID) -> list[LineToLeave]:
    """The lines of an order that have not left, in their order."""
    rows = SalesOrderLine.objects.filter(order_id=order_id, product_id__isnull=False)
    rows = rows.filter(shipped__lt=F("quantity") - F("cancelled")).order_by("position")
    return [LineToLeave(line.id, line.description, line.planned_date, to_leave(line)) for line in rows]


def full_days(
    *, order: SalesOrder, wanted: Leaving, today: date, hold: bool = False, had: Leaving | None = None
) -> list[FullDay]:
    """Of the days on which lines of an order are to leave, those that do not take them. Days that are over are not
    asked about; a day that it `had` is asked only about what weighs or takes up more there. Three statements, one more
    when goods are weighed (two where it had days) and one when a day is full; one when the warehouse has no limits."""
    days = sorted(day for day in wanted if day >= today)
    if not days:
        return []
    capacity = capacity_of(warehouse_id=order.warehouse_id, since=today)
    if capacity is None:
        return []
    weighs = capacity.weighs
    shared: dict[str, Any] = {"warehouse_id": order.warehouse_id, "weighs": weighs, "but_for": order.id}
    used = day_loads(days=days, hold=hold, **shared)
    sizes = own_loads({day: wanted[day] for day in days}, weighs=weighs)
    if had:
        before = own_loads({day: had[day] for day in days if day in had}, weighs=weighs)
        sizes |= {day: sizes[day].grown(load) for day, load in before.items()}
    rooms = {day: capacity.room(day) for day in days if had is None or day not in had or capacity.room(day).is_open}
    full = [day for day, room in rooms.items() if not room.takes(used=used.get(day, EMPTY), more=sizes[day])]
    if not full:
        return []
    ahead = [full[0] + timedelta(days=n) for n in range(min(FARTHEST * 2, (date.max - full[0]).days))]
    later = day_loads(days=ahead, **shared)
    told = []
    for day in full:
        room, taken, more = rooms[day], used.get(day, EMPTY), sizes[day]
        measure = room.full_by(used=taken, more=more) or next(iter(capacity.limits))
        free = capacity.next_free(since=day, used=later, more=more)
        told.append(FullDay(
            day, shown(taken.of(measure)), room.limits.get(measure) if room.is_open else None, room.reason, free,
            measure if room.is_open else "", shown(more.of(measure)), more.goods.unweighed,
        ))  # fmt: skip
    return told

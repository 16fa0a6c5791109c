"""What is planned to leave a warehouse on its days, and the next day with room."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.other_day import LineToLeave
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.rules.capacity import FARTHEST


class FullDay(NamedTuple):
    """A day that does not take an order: what is planned on it, its limit (none: it is closed, see `reason`), and the
    next day that takes it; None: none within a year."""

    day: date
    used: int
    limit: int | None
    reason: str
    next_day: date | None


def day_loads(
    *, warehouse_id: UUID, days: Sequence[date], measure: str, but_for: UUID | None = None, hold: bool = False
) -> Mapping[date, int]:
    """Orders or lines of confirmed orders that are still to leave, by day. With `hold` nobody else plans on these days
    until the transaction ends. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, orders, lines FROM sales_load_of_days(%s::uuid, %s::date[], %s::uuid, %s)",
            [warehouse_id, list(days), but_for, hold],
        )
        return {day: orders if measure == "orders" else lines for day, orders, lines in cursor.fetchall()}


def days_of(planned: date | None, lines: Iterable[date | None]) -> dict[date, int]:
    """How many lines of an order leave on which day: a line's own, else the order's."""
    found: dict[date, int] = {}
    for own in lines:
        if (day := own or planned) is not None:
            found[day] = found.get(day, 0) + 1
    return found


def lines_to_leave(order_id: UUID) -> list[LineToLeave]:
    """The lines of an order that have not left, in their order."""
    rows = SalesOrderLine.objects.filter(order_id=order_id, product_id__isnull=False)
    rows = rows.filter(shipped__lt=F("quantity") - F("cancelled")).order_by("position")
    here = ExpressionWrapper(Q(shipped__lt=F("quantity") - F("cancelled") - F("direct")), output_field=BooleanField())
    return [LineToLeave(*row) for row in rows.values_list("id", "description", "planned_date", here)]


def full_days(*, order: SalesOrder, wanted: Mapping[date, int], today: date, hold: bool = False) -> list[FullDay]:
    """Of the days on which so many lines of an order are to leave, those that do not take them. Days that are over are
    not asked about. Three statements, and one more when a day is full; one when the warehouse has no limits."""
    days = sorted(day for day in wanted if day >= today)
    if not days:
        return []
    capacity = capacity_of(warehouse_id=order.warehouse_id, since=today)
    if capacity is None:
        return []
    shared: dict[str, Any] = {"warehouse_id": order.warehouse_id, "measure": capacity.measure, "but_for": order.id}
    used = day_loads(days=days, hold=hold, **shared)
    sizes = {day: 1 if capacity.measure == "orders" else wanted[day] for day in days}
    full = [day for day in days if not capacity.room(day).takes(used=used.get(day, 0), more=sizes[day])]
    if not full:
        return []
    ahead = [full[0] + timedelta(days=n) for n in range(min(FARTHEST * 2, (date.max - full[0]).days))]
    later = day_loads(days=ahead, **shared)
    told = []
    for day in full:
        room = capacity.room(day)
        free = capacity.next_free(since=day, used=later, more=sizes[day])
        told.append(FullDay(day, used.get(day, 0), room.limit if room.is_open else None, room.reason, free))
    return told

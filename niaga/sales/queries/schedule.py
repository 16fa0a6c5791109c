"""Which confirmed orders have to leave on which day, and whether their goods will be there."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.organization.access import Actor
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.documents import visible_orders
from niaga.stock.queries.awaited import goods_day

MOST = 400


def scheduled_orders(*, by: Actor, warehouse_id: UUID, first: date, last: date, today: date) -> QuerySet[Any]:
    """Confirmed orders of a warehouse with something to leave, planned between two days; those that are late, and
    those without a day, always. `goods_day` is when the last of what an order waits for is promised."""
    due = Q(planned_date__range=(first, last)) | Q(planned_date__lt=today) | Q(planned_date__isnull=True)
    rows = visible_orders(by=by).filter(
        due, warehouse_id=warehouse_id, status="confirmed", delivery_progress__in=("none", "partial")
    )
    return (
        rows.select_related("customer")
        .annotate(goods_day=goods_day())
        .order_by(F("planned_date").asc(nulls_last=True), "number")[:MOST]
    )


def waiting_deliveries_of(order_id: UUID) -> list[tuple[UUID, date | None]]:
    """The deliveries of an order that wait to leave and stand in no route, each with its day."""
    path = "deliveries__delivery_line__delivery"
    rows = SalesOrderLine.objects.filter(
        **{f"{path}__status__in": ("draft", "picking"), f"{path}__stop__isnull": True}, order_id=order_id
    )
    return list(rows.values_list(f"{path}__id", f"{path}__planned_date").distinct().order_by(f"{path}__id"))

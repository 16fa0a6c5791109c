"""Which confirmed orders have to leave on which day, and whether their goods will be there."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from niaga.organization.access import Actor
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.documents import visible_orders
from niaga.sales.queries.lists import matching
from niaga.sales.rules.other_day import WaitingDelivery
from niaga.stock.queries.awaited import goods_day

MOST, MOST_OF_MONTH = 400, 2000


class Wanted(NamedTuple):
    """What of a schedule is shown: orders whose number, reference or customer fits, of a salesperson, in a state
    (`none` or `partial` delivered, `waiting` for goods); empty: all."""

    text: str = ""
    salesperson_id: UUID | None = None
    state: str = ""

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.text:
            rows = matching(rows, self.text)
        if self.salesperson_id:
            rows = rows.filter(salesperson_id=self.salesperson_id)
        if self.state in ("none", "partial"):
            rows = rows.filter(delivery_progress=self.state)
        elif self.state == "waiting":
            rows = rows.filter(goods_day__isnull=False)
        return rows


EVERYTHING = Wanted()


def scheduled_orders(
    *, by: Actor, warehouse_id: UUID, first: date, last: date, today: date, wanted: Wanted = EVERYTHING,
    most: int = MOST,
) -> QuerySet[Any]:  # fmt: skip
    """Confirmed orders of a warehouse with something to leave between two days; those that are late, and those
    without a day, always. `goods_day` is when the last of what an order waits for is promised, `days` are those on
    which its lines are still to leave (None: no day)."""
    rest = SalesOrderLine.objects.filter(
        order_id=OuterRef("pk"), product_id__isnull=False, shipped__lt=F("quantity") - F("cancelled")
    ).annotate(day=Coalesce("planned_date", "order__planned_date"))
    due = Q(day__range=(first, last)) | Q(day__lt=today) | Q(day__isnull=True)
    rows = visible_orders(by=by).filter(
        Exists(rest.filter(due)), warehouse_id=warehouse_id, status="confirmed",
        delivery_progress__in=("none", "partial"),
    )  # fmt: skip
    found = (
        rows.select_related("customer", "salesperson")
        .annotate(goods_day=goods_day(), days=ArraySubquery(rest.order_by("day").values("day").distinct()))
        .order_by(F("planned_date").asc(nulls_last=True), "number")
    )
    return wanted.narrow(found)[:most]


def waiting_deliveries_of(order_id: UUID) -> list[WaitingDelivery]:
    """The deliveries of an order that wait to leave and stand in no route, in key order."""
    path = "deliveries__delivery_line__delivery"
    rows = SalesOrderLine.objects.filter(
        **{f"{path}__status__in": ("draft", "picking"), f"{path}__stop__isnull": True}, order_id=order_id
    )
    found: dict[tuple[UUID, date | None], set[UUID]] = {}
    for delivery_id, day, line_id in rows.values_list(f"{path}__id", f"{path}__planned_date", "id").order_by(
        f"{path}__id"
    ):
        found.setdefault((delivery_id, day), set()).add(line_id)
    return [WaitingDelivery(delivery_id, day, frozenset(lines)) for (delivery_id, day), lines in found.items()]

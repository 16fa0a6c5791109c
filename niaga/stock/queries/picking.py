"""Reading routes and pick lists."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import DeliveryRoute, PickLine, PickList, RouteStop, Vehicle


def visible_pick_lists(*, by: Actor) -> QuerySet[PickList]:
    """Pick lists the person may see, with how many lines they have, how many are fetched, and how many fell short."""
    seen = access_of(by).filter("stock", salesperson=None)
    return (
        PickList.objects.filter(seen)
        .select_related("warehouse", "route__vehicle")
        .annotate(
            line_count=Count("lines"), done_count=Count("lines", filter=Q(lines__picked__isnull=False)),
            short_count=Count("lines", filter=Q(lines__picked__lt=F("lines__quantity"))),
            stop_count=Coalesce(
                Subquery(
                    RouteStop.objects.filter(route_id=OuterRef("route_id")).order_by().values("route_id")
                    .annotate(count=Count("pk")).values("count")
                ), 0,
            ),
        )
    )  # fmt: skip


def get_pick_list(*, pick_list_id: UUID, by: Actor) -> PickList:
    """:raises NotFound: none, or none that the person may see"""
    access_of(by).require("stock", "view")
    found = visible_pick_lists(by=by).filter(pk=pick_list_id).first()
    if found is None:
        raise NotFound()
    return found


def lock_pick_list(*, pick_list_id: UUID, by: Actor, shared: bool = False) -> PickList:
    """The list, locked: against who writes its lines, or `shared` with others who take lines. The verb checks access.

    :raises NotFound: no such list
    """
    rows = PickList.objects.filter(pk=pick_list_id)
    found = (rows if shared else rows.select_for_update()).first()
    if found is None:
        raise NotFound()
    return found


class ToPick(NamedTuple):
    """A line of a pick list as a picker needs it. Quantities in base units; `codes` are the product's bar codes."""

    id: UUID
    position: int
    place: str
    product_id: UUID
    sku: str
    name: str
    unit: str
    digits: int
    quantity: Decimal
    picked: Decimal | None
    reason: str
    picker_id: UUID | None
    picker: str
    delivery_id: UUID
    delivery: str
    customer: str
    codes: list[str]
    lots: list[tuple[str, str, str]]
    """Number, day and base units of each lot that is to be taken, or was."""
    by_lot: bool


_LINES = """
SELECT k.id, k.position, k.place, k.product_id, q.sku, q.name, u.code, u.digits, k.quantity, k.picked, k.short_reason,
       k.picker_id, coalesce(nullif(w.name, ''), w.username, ''), d.id, d.number, c.name,
       ARRAY(SELECT b.code FROM catalog_barcode b WHERE b.product_id = k.product_id ORDER BY b.code),
       coalesce((SELECT json_agg(json_build_array(o.number, o.expires_on, t.quantity::text)
                                 ORDER BY o.expires_on, o.number)
                   FROM stock_lotpick t JOIN stock_lot o ON o.id = t.lot_id
                  WHERE t.delivery_line_id = k.delivery_line_id AND t.part_id IS NOT DISTINCT FROM k.part_id), '[]'),
       q.by_lot
  FROM stock_pickline k
  JOIN catalog_product q ON q.id = k.product_id JOIN catalog_unit u ON u.id = q.unit_id
  JOIN stock_deliveryline l ON l.id = k.delivery_line_id JOIN stock_delivery d ON d.id = l.delivery_id
  JOIN parties_customer c ON c.id = d.customer_id
  LEFT JOIN organization_user w ON w.id = k.picker_id
 WHERE k.pick_list_id = %s::uuid AND (%s::uuid IS NULL OR k.picker_id = %s::uuid AND k.picked IS NULL)
 ORDER BY k.position
"""


def lines_to_pick(*, pick_list_id: UUID, picker_id: UUID | None = None) -> list[ToPick]:
    """A list's lines in walking order, or what one person has taken and not fetched. The caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [pick_list_id, picker_id, picker_id])
        return [ToPick(*row) for row in cursor.fetchall()]


def visible_vehicles(*, by: Actor, archived: bool = False) -> QuerySet[Vehicle]:
    """Vehicles of the warehouses that the person may see, those put away last."""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    rows = Vehicle.objects.filter(seen).select_related("warehouse").order_by("archived_at", "plate", "id")
    return rows if archived else rows.filter(archived_at=None)


def visible_routes(*, by: Actor, date: date | None = None) -> QuerySet[DeliveryRoute]:
    """Routes the person may see, with their vehicle and pick list."""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    rows = DeliveryRoute.objects.filter(seen).select_related("warehouse", "vehicle", "pick_list")
    return rows if date is None else rows.filter(date=date)


def stops_of(*, route_ids: list[UUID]) -> dict[UUID, list[Any]]:
    """The stops of routes in order, each with its delivery and customer. One statement."""
    found: dict[UUID, list[Any]] = {}
    rows = RouteStop.objects.filter(route_id__in=route_ids).select_related("delivery__customer")
    for stop in rows.order_by("route_id", "position", "id"):
        found.setdefault(stop.route_id, []).append(stop)
    return found


def list_of_line(line_id: UUID) -> UUID:
    """The list that a line is in. The caller checks access to the list.

    :raises NotFound: no such line
    """
    found = PickLine.objects.filter(pk=line_id).values_list("pick_list_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


class PickedLine(NamedTuple):
    """A line of a pick list with what was said of it; base units."""

    id: UUID
    pick_list_id: UUID
    delivery_id: UUID
    delivery_line_id: UUID
    part_id: UUID | None
    product_id: UUID
    quantity: Decimal
    picked: Decimal | None
    reason: str
    picker_id: UUID | None


def picked_line(*, line_id: UUID | None = None, delivery_line_id: UUID | None = None) -> PickedLine | None:
    """A line by its id, or the one that is fetched for a delivery line, as it stands; None: it is gone. Unchecked."""
    rows = (
        PickLine.objects.filter(pk=line_id)
        if line_id
        else PickLine.objects.filter(delivery_line_id=delivery_line_id, part=None)
    )
    names = ("id", "pick_list_id", "delivery_line__delivery_id", "delivery_line_id", "part_id", "product_id",
             "quantity", "picked", "short_reason", "picker_id")  # fmt: skip
    found = rows.values_list(*names).first()
    return None if found is None else PickedLine(*found)

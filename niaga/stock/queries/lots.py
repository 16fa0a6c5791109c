"""Reading lots: what is there of each, where it came from and where it went."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Lot, LotLevel, StockMove
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.rules.first_expired import LotAtHand

# What is to be fetched for deliveries that are still here is no one else's.
_AT_HAND = """
SELECT v.product_id, l.id, l.number, l.expires_on, v.on_hand - coalesce((
         SELECT sum(k.quantity) FROM stock_lotpick k JOIN stock_deliveryline n ON n.id = k.delivery_line_id
           JOIN stock_delivery d ON d.id = n.delivery_id
          WHERE k.lot_id = l.id AND d.warehouse_id = v.warehouse_id AND d.status IN ('draft', 'picking')
            AND NOT (n.id = ANY(%(but)s::uuid[]))), 0)
  FROM stock_lotlevel v JOIN stock_lot l ON l.id = v.lot_id
 WHERE v.warehouse_id = %(place)s::uuid AND v.product_id = ANY(%(products)s::uuid[])
   AND v.on_hand > 0 AND NOT v.is_barred AND l.expires_on > %(today)s::date
 ORDER BY l.expires_on, l.number
"""


def lots_at_hand(
    *, warehouse_id: UUID, product_ids: Collection[UUID], today: date, but_for: Collection[UUID] = ()
) -> dict[UUID, list[LotAtHand]]:
    """What can be taken of good lots, by product, the first to expire first. What is to be fetched for other delivery
    lines than `but_for` does not count. Unchecked access."""
    found: dict[UUID, list[LotAtHand]] = {}
    asked: dict[str, Any] = {"place": warehouse_id, "products": list(product_ids), "today": today, "but": list(but_for)}
    with connection.cursor() as cursor:
        cursor.execute(_AT_HAND, asked)
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(LotAtHand(*row))
    return found


def lots_here(*, source_id: UUID, goods: Sequence[Any]) -> dict[tuple[UUID, UUID], list[LotAtHand]]:
    """What a document moved in of lots and not out again, by its line and product, of `goods` that name both. No
    statement when there are no goods. Unchecked access."""
    if not goods:
        return {}
    found: dict[tuple[UUID, UUID], list[LotAtHand]] = {}
    rows = StockMove.objects.filter(
        source_id=source_id, lot__isnull=False, line_id__in={one.line_id for one in goods}
    ).values_list("line_id", "product_id", "lot_id", "lot__number", "lot__expires_on")
    for line_id, *lot in rows.annotate(left=Sum("quantity")).order_by("lot__expires_on", "lot_id"):
        found.setdefault((line_id, lot[0]), []).append(LotAtHand(*lot))
    return found


def visible_lot_levels(*, by: Actor) -> QuerySet[LotLevel]:
    """What lies of each lot in the warehouses that the person may see."""
    seen = access_of(by).filter(
        "stock", company="warehouse__company_id", branch="warehouse__branch_id", salesperson=None
    )
    rows = LotLevel.objects.filter(seen, warehouse__archived_at=None)
    return rows.select_related("lot", "product__unit", "warehouse")


def visible_lots(*, by: Actor) -> QuerySet[Lot]:
    """Lots that are or were where the person may see stock, with how much is on hand of each there."""
    access = access_of(by)
    access.require("stock", "view")
    here = visible_lot_levels(by=by).values("id")
    rows = Lot.objects.filter(company_id=access.current_company.id, levels__in=here).select_related("product__unit")
    return rows.annotate(on_hand=Sum("levels__on_hand"))


def get_lot(*, lot_id: UUID, by: Actor) -> Lot:
    """:raises NotFound: none, or none that the person may see"""
    found: Lot | None = visible_lots(by=by).filter(pk=lot_id).first()
    if found is None:
        raise NotFound()
    return found


class LotMoved(NamedTuple):
    """A lot's goods came (positive) or went; `party` is who brought or got them. Base units."""

    at: Any
    reason: str
    source_kind: str
    source_id: UUID
    number: str
    party: str
    customer_id: UUID | None
    warehouse: str
    quantity: Decimal


# Of one lot and whole documents: two lines of a delivery are one row.
_TRACE = """
SELECT max(m.at), m.reason, m.source_kind, m.source_id, coalesce(d.number, r.number, a.number, t.number, ''),
       coalesce(c.name, r.supplier, ''), d.customer_id, w.name, sum(m.quantity)
  FROM stock_stockmove m JOIN stock_warehouse w ON w.id = m.warehouse_id
  LEFT JOIN stock_delivery d ON d.id = m.source_id LEFT JOIN parties_customer c ON c.id = d.customer_id
  LEFT JOIN stock_receipt r ON r.id = m.source_id LEFT JOIN stock_adjustment a ON a.id = m.source_id
  LEFT JOIN stock_transfer t ON t.id = m.source_id
 WHERE m.lot_id = %s::uuid AND m.warehouse_id = ANY(%s::uuid[])
 GROUP BY m.reason, m.source_kind, m.source_id, d.number, r.number, a.number, t.number, c.name, r.supplier,
          d.customer_id, w.name
 ORDER BY 1, 4 LIMIT 2000
"""


def trace_of(*, lot_id: UUID, by: Actor) -> list[LotMoved]:
    """Where a lot's goods came from and went to, the first first, in the warehouses that the person may see. Of a
    delivery that the person may not see only how much left is told."""
    places = [one.id for one in visible_warehouses(by=by)]
    with connection.cursor() as cursor:
        cursor.execute(_TRACE, [lot_id, places])
        moves = [LotMoved(*row) for row in cursor.fetchall()]
    sent = {move.source_id for move in moves if move.source_kind == "delivery"}
    seen = set(visible_deliveries(by=by).filter(pk__in=sent).values_list("pk", flat=True)) if sent else set()
    return [
        move
        if move.source_kind != "delivery" or move.source_id in seen
        else move._replace(number="", party="", customer_id=None)
        for move in moves
    ]


class MovedLot(NamedTuple):
    """So much of a lot that a document moved, in base units."""

    number: str
    expires_on: date
    quantity: Decimal


def lots_moved(*, source_id: UUID) -> dict[tuple[UUID | None, UUID], list[MovedLot]]:
    """The lots that a document moved, by its line and product. Unchecked access."""
    found: dict[tuple[UUID | None, UUID], list[MovedLot]] = {}
    rows = StockMove.objects.filter(source_id=source_id, lot__isnull=False).values_list(
        "line_id", "product_id", "lot__number", "lot__expires_on"
    )
    for line_id, product_id, number, day, quantity in rows.annotate(total=Sum("quantity")).order_by(
        "lot__expires_on", "lot__number"
    ):
        found.setdefault((line_id, product_id), []).append(MovedLot(number, day, abs(quantity)))
    return found


def lot_levels_of(*, product_id: UUID, by: Actor) -> list[LotLevel]:
    """The lots of a product that are there, the first to expire first, where the person may see stock."""
    rows = visible_lot_levels(by=by).filter(product_id=product_id, on_hand__gt=0)
    return list(rows.order_by("lot__expires_on", "lot__number", "warehouse__name"))


def find_lot(*, product_id: UUID, number: str) -> Lot:
    """A product's lot by its number. Unchecked access.

    :raises NotFound: no such lot
    """
    found = Lot.objects.filter(product_id=product_id, number=number).first()
    if found is None:
        raise NotFound()
    return found


class EverLot(NamedTuple):
    """A lot that was there once: any quantity of it may come back."""

    lot_id: UUID
    number: str
    quantity: Decimal


def lots_ever(product_ids: Collection[UUID]) -> dict[UUID, list[EverLot]]:
    """The lots of products that are kept so, the last to expire first; of the others none. No statement without
    products. Unchecked access."""
    found: dict[UUID, list[EverLot]] = {}
    if product_ids:
        rows = Lot.objects.filter(product_id__in=set(product_ids)).order_by("-expires_on", "number")
        for product_id, lot_id, number in rows.values_list("product_id", "id", "number"):
            found.setdefault(product_id, []).append(EverLot(lot_id, number, Decimal("Infinity")))
    return found


class NamedLot(NamedTuple):
    number: str
    expires_on: date
    unit: str


def lots_named(lot_ids: Collection[UUID]) -> dict[UUID, NamedLot]:
    """Number, last day and unit of lots. One statement, none without a lot. The caller has checked access."""
    if not lot_ids:
        return {}
    rows = Lot.objects.filter(pk__in=lot_ids).values_list("id", "number", "expires_on", "product__unit__code")
    return {lot_id: NamedLot(number, day, unit) for lot_id, number, day, unit in rows}

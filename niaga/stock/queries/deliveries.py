"""Reading deliveries."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, Count, DecimalField, F, Min, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of, seen
from niaga.stock.models import Delivery, DeliveryLine, DeliveryPart, PickLine, StockLevel

_QUANTITY = DecimalField(max_digits=19, decimal_places=6)


def visible_deliveries(*, by: Actor) -> QuerySet[Delivery]:
    """Deliveries the person may see."""
    return Delivery.objects.filter(access_of(by).filter("delivery"))


class Goods(NamedTuple):
    """What leaves the shelves for a line: `base` units of a product, from what is reserved."""

    product_id: UUID
    reservation_id: UUID
    base: Decimal
    by_lot: bool


class ShippedLine(NamedTuple):
    """What leaves with a delivery: `quantity` in the line's unit, `factor` base units each.

    `parts` of a bundle: product, reservation, base units in each base unit of the line, whether it is kept by lot; as
    JSON has them. `picked` is how much was fetched, in whole units of the line; None: nobody said. `is_listed`:
    a pick list names the delivery.
    """

    id: UUID
    position: int
    product_id: UUID
    reservation_id: UUID | None
    quantity: Decimal
    factor: Decimal
    parts: list[tuple[str, str | None, str, bool]] | None
    picked: Decimal | None = None
    by_lot: bool = False
    is_listed: bool = False

    @property
    def goods(self) -> list[Goods]:
        """Its product, or those of its parts; a service is not kept in stock and not among them."""
        base = self.quantity * self.factor
        if self.parts is None:
            return [Goods(self.product_id, self.reservation_id, base, self.by_lot)] if self.reservation_id else []
        return [
            Goods(UUID(product), UUID(reservation), base * Decimal(each), by_lot)
            for product, reservation, each, by_lot in self.parts
            if reservation is not None
        ]


_LINES = """
SELECT d.id, d.position, d.product_id, d.reservation_id, d.quantity, d.factor,
       CASE WHEN d.reservation_id IS NULL THEN (
         SELECT json_agg(json_build_array(p.product_id, p.reservation_id, p.quantity::text, o.by_lot)
                         ORDER BY p.position)
           FROM stock_deliverypart p JOIN catalog_product o ON o.id = p.product_id WHERE p.line_id = d.id) END,
       (SELECT trunc(min(k.picked / coalesce(p.quantity, 1)) / d.factor, (
                 SELECT u.digits::int FROM catalog_unit u WHERE u.id = d.unit_id))
          FROM stock_pickline k LEFT JOIN stock_deliverypart p ON p.id = k.part_id
         WHERE k.delivery_line_id = d.id AND k.picked IS NOT NULL), q.by_lot,
       EXISTS (SELECT 1 FROM stock_pickline k JOIN stock_deliveryline l ON l.id = k.delivery_line_id
                WHERE l.delivery_id = %(id)s::uuid)
  FROM stock_deliveryline d JOIN catalog_product q ON q.id = d.product_id
 WHERE d.delivery_id = %(id)s::uuid ORDER BY d.position
"""
_LISTS = """
SELECT p.id FROM stock_picklist p
 WHERE p.id IN (SELECT k.pick_list_id FROM stock_pickline k JOIN stock_deliveryline l ON l.id = k.delivery_line_id
                 WHERE l.delivery_id = %(id)s::uuid)
 ORDER BY p.id FOR UPDATE
"""


def lock_delivery(*, delivery_id: UUID, picks: bool = False) -> tuple[Delivery, list[ShippedLine]]:
    """The delivery, locked, and its lines; with `picks` the pick list they are fetched by is locked, too: for verbs
    that change what is to be fetched. The list comes before stock levels, as it does for who picks. The verb checks
    access.

    :raises NotFound: no such delivery
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound()
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"id": delivery_id})
        lines = [ShippedLine(*row) for row in cursor.fetchall()]
        if picks and lines and lines[0].is_listed:
            cursor.execute(_LISTS, {"id": delivery_id})
            cursor.execute(_LINES, {"id": delivery_id})  # again: somebody may have picked while this waited
            lines = [ShippedLine(*row) for row in cursor.fetchall()]
        return delivery, lines


_ALL_LISTS = """
SELECT p.id FROM stock_picklist p
 WHERE p.id IN (SELECT k.pick_list_id FROM stock_pickline k JOIN stock_deliveryline l ON l.id = k.delivery_line_id
                 WHERE l.delivery_id = ANY(%s::uuid[]))
 ORDER BY p.id FOR UPDATE
"""


def lock_picks(*, delivery_ids: Collection[UUID]) -> None:
    """Lock the pick lists that locked deliveries are fetched by, in the order of their ids. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_LISTS, [list(delivery_ids)])


def shipped_lines(*, delivery_id: UUID) -> list[ShippedLine]:
    """The lines of a delivery that is locked with its pick list. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"id": delivery_id})
        return [ShippedLine(*row) for row in cursor.fetchall()]


def _parts() -> ArraySubquery:
    """What is in each delivery line that is a bundle, as JSON: per base unit of the line, with what is on hand."""
    on_hand = StockLevel.objects.filter(
        product_id=OuterRef("product_id"), warehouse_id=OuterRef("line__delivery__warehouse_id")
    )
    rows = DeliveryPart.objects.filter(line_id=OuterRef("pk")).order_by("position")
    return ArraySubquery(
        rows.values(
            json=JSONObject(
                product_id="product_id", sku="product__sku", name="product__name", unit="product__unit__code",
                by_lot="product__by_lot",
                quantity=Cast("quantity", TextField()), on_hand=Cast(Subquery(on_hand.values("on_hand")), TextField()),
            )
        )
    )  # fmt: skip


class PackedPart(NamedTuple):
    """What a delivery line takes of a part of its bundle, in all, in base units; `on_hand` None: a service."""

    product_id: str
    sku: str
    name: str
    unit: str
    quantity: Decimal
    on_hand: Decimal | None


def packed_parts(parts: list[dict[str, Any]], base: Decimal) -> list[PackedPart]:
    """The parts, as a query gives them, for `base` base units of a bundle."""
    return [
        PackedPart(
            part["product_id"], part["sku"], part["name"], part["unit"], Decimal(part["quantity"]) * base,
            None if part["on_hand"] is None else Decimal(part["on_hand"]),
        )
        for part in parts
    ]  # fmt: skip


def delivery_lines(*, delivery_id: UUID) -> list[DeliveryLine]:
    """The lines of a delivery that the caller may see, in order, with what is in their bundles (`part_rows`)."""
    return list(DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position").annotate(part_rows=_parts()))


def listed_deliveries(*, by: Actor, today: date) -> QuerySet[Delivery]:
    """Deliveries for a list: with how many lines they have, and whether they should have left by now."""
    lines = DeliveryLine.objects.filter(delivery_id=OuterRef("pk")).order_by().values("delivery_id")
    return (
        visible_deliveries(by=by)
        .select_related("customer", "warehouse", "joint")
        .annotate(
            line_count=Subquery(lines.annotate(count=Count("pk")).values("count")),
            is_late=Case(
                When(status__in=("draft", "picking"), planned_date__lt=today, then=Value(True)), default=Value(False)
            ),
        )
    )


def get_delivery(*, delivery_id: UUID, by: Actor) -> Delivery:
    """The delivery with customer, warehouse and proof.

    :raises NotFound: none, or none that the person may see
    """
    found: Delivery | None = _WHOLE.one(delivery_id)
    return seen(found, "delivery", by=by)


_WHOLE = Compiled(
    lambda delivery_id: Delivery.objects.select_related(
        "customer", "warehouse", "company", "branch", "proof", "joint"
    ).filter(pk=delivery_id)
)


def delivery_line_rows(*, delivery_id: UUID) -> list[Mapping[str, Any]]:
    """The lines as a page shows them: SKU, unit, what is on hand in the warehouse, and what is in bundles."""
    rows = _LINE_ROWS.mappings(delivery_id)
    by_lot = any(row["product__by_lot"] or any(part["by_lot"] for part in row["part_rows"]) for row in rows)
    lots = lots_of_delivery(delivery_id=delivery_id) if by_lot else {}
    return [
        {**row, "ships": _ships(row), "parts": packed_parts(row["part_rows"], row["quantity"] * row["factor"]),
         "lots": lots.get(row["id"], [])}
        for row in rows
    ]  # fmt: skip


def lines_of_deliveries(*, delivery_ids: Collection[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    """The lines of several deliveries as a page shows them, by delivery. Two statements, whatever their number; the
    caller has checked access."""
    rows = list(_row_values(DeliveryLine.objects.filter(delivery_id__in=list(delivery_ids)), "delivery_id"))
    by_lot = {
        row["delivery_id"] for row in rows
        if row["product__by_lot"] or any(part["by_lot"] for part in row["part_rows"])
    }  # fmt: skip
    lots = lots_of_deliveries(delivery_ids=by_lot) if by_lot else {}
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        parts = packed_parts(row["part_rows"], row["quantity"] * row["factor"])
        shown = {**row, "ships": _ships(row), "parts": parts, "lots": lots.get(row["id"], [])}
        found.setdefault(row["delivery_id"], []).append(shown)
    return found


class DeliveryLot(NamedTuple):
    """So much of a lot that leaves with a delivery line, or left, in base units."""

    product_id: UUID
    number: str
    expires_on: date
    quantity: Decimal
    unit: str


_LOTS = """
SELECT g.line_id, g.product_id, o.number, o.expires_on, sum(g.quantity), u.code FROM (
  SELECT m.line_id, m.product_id, m.lot_id, -m.quantity AS quantity FROM stock_stockmove m
   WHERE m.source_id = ANY(%s::uuid[]) AND m.lot_id IS NOT NULL
   UNION ALL
  SELECT k.delivery_line_id, o.product_id, k.lot_id, k.quantity FROM stock_lotpick k JOIN stock_lot o ON o.id = k.lot_id
    JOIN stock_deliveryline l ON l.id = k.delivery_line_id JOIN stock_delivery d ON d.id = l.delivery_id
   WHERE d.id = ANY(%s::uuid[]) AND d.status IN ('draft', 'picking')) g
  JOIN stock_lot o ON o.id = g.lot_id JOIN catalog_product p ON p.id = g.product_id
  JOIN catalog_unit u ON u.id = p.unit_id
 GROUP BY g.line_id, g.product_id, o.number, o.expires_on, u.code ORDER BY o.expires_on, o.number
"""


def lots_of_delivery(*, delivery_id: UUID) -> dict[UUID, list[DeliveryLot]]:
    """By line, the lots that left; of what is still here those that are to be fetched. Unchecked access."""
    return lots_of_deliveries(delivery_ids=[delivery_id])


def lots_of_deliveries(*, delivery_ids: Collection[UUID]) -> dict[UUID, list[DeliveryLot]]:
    """The same of several, in one statement."""
    found: dict[UUID, list[DeliveryLot]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, [list(delivery_ids), list(delivery_ids)])
        for line_id, *lot in cursor.fetchall():
            found.setdefault(line_id, []).append(DeliveryLot(*lot))
    return found


def _ships(row: Mapping[str, Any]) -> Decimal:
    """What leaves of a line unless a person says otherwise: all of it, or what was fetched, in whole units."""
    if row["picked"] is None:
        return Decimal(row["quantity"])
    units: Decimal = row["picked"] / row["factor"]
    return min(Decimal(row["quantity"]), units.quantize(Decimal(1).scaleb(-row["unit__digits"]), ROUND_DOWN))


def _line_rows(delivery_id: UUID) -> QuerySet[Any, Any]:
    return _row_values(DeliveryLine.objects.filter(delivery_id=delivery_id))


def _row_values(rows: QuerySet[DeliveryLine], *more: str) -> QuerySet[Any, Any]:
    on_hand = StockLevel.objects.filter(
        product_id=OuterRef("product_id"), warehouse_id=OuterRef("delivery__warehouse_id")
    )
    found: QuerySet[Any, Any] = (
        rows.order_by("position", "id")
        .annotate(on_hand=Subquery(on_hand.values("on_hand")), part_rows=_parts(), picked=_picked())
        .values(
            "id", "position", "description", "quantity", "factor", "product_id", "product__sku", "product__name",
            "unit__code", "unit__digits", "on_hand", "part_rows", "picked", "product__by_lot", *more,
        )
    )  # fmt: skip
    return found


def _picked() -> Subquery:
    """How much was fetched for a line, in its base units; of a bundle, by its scarcest part."""
    rows = PickLine.objects.filter(delivery_line_id=OuterRef("pk"), picked__isnull=False).order_by()
    share = F("picked") / Coalesce(F("part__quantity"), Value(Decimal(1)))
    return Subquery(rows.values("delivery_line_id").annotate(least=Min(share, output_field=_QUANTITY)).values("least"))


_LINE_ROWS = Compiled(_line_rows)


def deliveries_to_leave(*, by: Actor) -> QuerySet[Delivery]:
    """Deliveries that have to leave, with the customer, the earliest planned first."""
    return waiting_deliveries(by=by).select_related("customer").order_by("planned_date", "id")


def waiting_deliveries(*, by: Actor) -> QuerySet[Delivery]:
    """Deliveries that have to leave."""
    return visible_deliveries(by=by).filter(status__in=("draft", "picking"))

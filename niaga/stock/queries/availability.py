"""How much there is: on hand, reserved, free, and what is coming. Quantities are in base units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import DecimalField, F, Func, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.core.registry import names
from niaga.organization.access import Actor, access_of
from niaga.stock.models import StockLevel, StockMove
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.rules.promise import Dated, Step, to_promise


@dataclass(frozen=True, slots=True)
class Incoming:
    """Goods a supplier will bring: `quantity` is what has not come yet."""

    date: date
    quantity: Decimal
    supplier: str
    reference: str


@dataclass(frozen=True, slots=True)
class Availability:
    """What there is of a product, summed over the warehouses asked about; `incoming` by date.

    Of a bundle: how many whole ones its free parts make, none of them reserved. Its parts tell what is coming.
    """

    on_hand: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    incoming: tuple[Incoming, ...] = ()
    claims: tuple[Dated, ...] = ()
    """What waiting orders are promised of it, by day."""
    barred: Decimal = Decimal(0)
    """Of lots that are blocked or past their day: on hand, and promised to nobody."""

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.reserved - self.barred

    def free_on(self, day: date) -> Decimal:
        """Free when everything expected up to that day has come."""
        return self.free + sum((one.quantity for one in self.incoming if one.date <= day), Decimal(0))

    def to_promise(self, today: date, *, free: Decimal | None = None) -> list[Step]:
        """What can be promised now, and from which days on more. `free`: when more is for who asks."""
        coming = [Dated(one.date, one.quantity) for one in self.incoming]
        return to_promise(free=self.free if free is None else free, coming=coming, claims=self.claims, today=today)


# A bundle is counted by its parts: how many whole ones the free goods of the places asked about make. None of it is
# on hand or reserved as such, so what they make stands as on hand.
_WHOLE = """
SELECT floor(min(coalesce(f.free, 0) / b.quantity)) AS whole
  FROM catalog_bundlepart b JOIN catalog_product q ON q.id = b.product_id
  LEFT JOIN LATERAL (
    SELECT sum(s.on_hand - s.reserved - s.barred) AS free
      FROM stock_stocklevel s JOIN stock_warehouse w ON w.id = s.warehouse_id
     WHERE s.product_id = b.product_id AND w.archived_at IS NULL AND {which}) f ON true
 WHERE b.bundle_id = {bundle} AND q.kind = 'goods'
"""
_SQL = f"""
SELECT p.id, coalesce(b.whole, l.on_hand, 0), CASE WHEN b.whole IS NULL THEN coalesce(l.reserved, 0) ELSE 0 END,
       e.incoming, a.claims, CASE WHEN b.whole IS NULL THEN coalesce(l.barred, 0) ELSE 0 END
  FROM unnest(%(ids)s::uuid[]) AS p(id)
  LEFT JOIN LATERAL (
    SELECT sum(s.on_hand) AS on_hand, sum(s.reserved) AS reserved, sum(s.barred) AS barred
      FROM stock_stocklevel s
      JOIN stock_warehouse w ON w.id = s.warehouse_id
     WHERE s.product_id = p.id AND w.company_id = %(company)s::uuid AND w.archived_at IS NULL
       AND (%(place)s::uuid IS NULL OR s.warehouse_id = %(place)s::uuid)) l ON true
  LEFT JOIN LATERAL ({
    _WHOLE.format(bundle="p.id", which="(%(place)s::uuid IS NULL OR w.id = %(place)s::uuid)")
}) b ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(r.expected_date, (x.quantity - x.received)::text, r.supplier, r.reference)
                    ORDER BY r.expected_date, x.id)::text AS incoming
      FROM stock_expectedreceiptline x JOIN stock_expectedreceipt r ON r.id = x.expected_id
     WHERE x.product_id = p.id AND r.company_id = %(company)s::uuid AND r.status = 'open' AND x.quantity > x.received
       AND r.sent_by_id IS NULL AND (%(place)s::uuid IS NULL OR r.warehouse_id = %(place)s::uuid)) e ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(c.date, c.quantity::text))::text AS claims FROM stock_awaited c
     WHERE c.product_id = p.id AND c.company_id = %(company)s::uuid
       AND (%(place)s::uuid IS NULL OR c.warehouse_id = %(place)s::uuid)
       AND (%(but)s::uuid IS NULL OR c.source_id <> %(but)s::uuid)) a ON true
"""


def availability(
    *,
    product_ids: Collection[UUID],
    company_id: UUID,
    warehouse_id: UUID | None = None,
    but_for: UUID | None = None,
) -> dict[UUID, Availability]:
    """What there is of each product, in one warehouse or all of the company, in one statement. Unchecked access.

    What is promised to the document `but_for` of what is to come does not count.
    """
    ids = list(dict.fromkeys(product_ids))
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"ids": ids, "company": company_id, "place": warehouse_id, "but": but_for})
        rows = cursor.fetchall()
    return {
        product_id: Availability(
            on_hand, reserved,
            tuple(
                Incoming(date.fromisoformat(day), Decimal(quantity), supplier, reference)
                for day, quantity, supplier, reference in (orjson.loads(incoming) if incoming else ())
            ),
            tuple(
                Dated(date.fromisoformat(day) if day else None, Decimal(quantity))
                for day, quantity in (orjson.loads(claims) if claims else ())
            ),
            barred,
        )
        for product_id, on_hand, reserved, incoming, claims, barred in rows
    }  # fmt: skip


_QUANTITY = DecimalField(max_digits=19, decimal_places=6)
_NOUGHT = Value(Decimal(0), output_field=_QUANTITY)


def free_by_product(*, product: str = "pk", warehouse_id: UUID | None = None) -> Coalesce:
    """An annotation for a queryset that has a product's id in `product`: how much is free, in base units.

    Of a bundle: how many whole ones its free parts make.
    """
    rows = StockLevel.objects.filter(product_id=OuterRef(product), warehouse__archived_at=None)
    which = "true"
    if warehouse_id is not None:
        rows = rows.filter(warehouse_id=warehouse_id)
        which = f"w.id = '{warehouse_id}'"
    sums = (
        rows.order_by()
        .values("product_id")
        .annotate(free=Sum(F("on_hand") - F("reserved") - F("barred")))
        .values("free")
    )
    whole = Func(
        F(product), template=f"({_WHOLE.format(bundle='%(expressions)s', which=which)})", output_field=_QUANTITY
    )
    return Coalesce(whole, Subquery(sums), _NOUGHT)


def whole_bundles(*, bundle_id: UUID, by: Actor) -> list[tuple[str, Decimal]]:
    """How many whole bundles the free parts make in each warehouse the person may see, by its name; none: no bundle."""
    places = {one.id: one.name for one in visible_warehouses(by=by)}
    sql = _WHOLE.format(bundle="%s::uuid", which="s.warehouse_id = p.id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.id, ({sql}) FROM unnest(%s::uuid[]) AS p(id)", [bundle_id, list(places)])
        return [(places[place], whole) for place, whole in cursor.fetchall() if whole is not None]


def visible_moves(*, by: Actor) -> QuerySet[StockMove]:
    """Moves the person may see."""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    return StockMove.objects.filter(seen).select_related("product__unit", "warehouse")


def number_of_source(moves: Collection[StockMove]) -> dict[UUID, str]:
    """The number of the document behind each move, in one statement."""
    ids = [move.source_id for move in moves]
    if not ids:
        return {}
    tables = ("stock_delivery", "stock_receipt", "stock_adjustment", "stock_transfer")
    union = " UNION ALL ".join(f"SELECT id, number FROM {table} WHERE id = ANY(%s::uuid[])" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(union, [ids] * len(tables))
        found: dict[UUID, Any] = dict(cursor.fetchall())
    for kind in {move.source_kind for move in moves if move.source_id not in found}:
        if (said := names.get(kind)) is not None:  # a document of an app above
            found |= said([move.source_id for move in moves if move.source_kind == kind])
    return found

"""What a day's plan is made of: what has to leave, the vehicles and their room, and where the goods lie."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from niaga.stock.rules.plan_routes import Call, Truck

_CALLS = """
SELECT d.id, coalesce(d.address ->> 'city', ''), coalesce(d.address ->> 'district', ''),
       coalesce(d.address ->> 'postcode', ''), coalesce(d.address ->> 'street', ''), d.customer_id::text,
       coalesce(d.joint_id::text, ''), (SELECT count(*) FROM stock_delivery m WHERE m.joint_id = d.joint_id)
  FROM stock_delivery d
 WHERE d.warehouse_id = %(place)s::uuid AND d.status IN ('draft', 'picking')
   AND (%(ids)s::uuid[] IS NULL AND (d.planned_date IS NULL OR d.planned_date <= %(date)s::date)
        OR d.id = ANY(%(ids)s::uuid[])
        OR d.joint_id IN (SELECT m.joint_id FROM stock_delivery m WHERE m.id = ANY(%(ids)s::uuid[])))
   AND NOT EXISTS (SELECT 1 FROM stock_routestop s WHERE s.delivery_id = d.id)
 ORDER BY d.id {lock}
"""
_TRUCKS = """
SELECT v.id, v.stops - (SELECT count(DISTINCT coalesce(d.joint_id, d.id)) FROM stock_routestop s
                           JOIN stock_deliveryroute r ON r.id = s.route_id JOIN stock_delivery d ON d.id = s.delivery_id
                         WHERE r.vehicle_id = v.id AND r.date = %s::date), v.zones, v.driver, v.driver_user_id
  FROM stock_vehicle v WHERE v.warehouse_id = %s::uuid AND v.archived_at IS NULL ORDER BY v.id
"""
_GOODS = """
SELECT l.delivery_id, l.id, p.id, coalesce(p.product_id, l.product_id) AS product, q.sku,
       coalesce(k.place, ''), l.quantity * l.factor * coalesce(p.quantity, 1), q.by_lot
  FROM stock_deliveryline l
  LEFT JOIN stock_deliverypart p ON p.line_id = l.id AND p.reservation_id IS NOT NULL
  JOIN catalog_product q ON q.id = coalesce(p.product_id, l.product_id)
  LEFT JOIN stock_stocklevel k ON k.product_id = coalesce(p.product_id, l.product_id) AND k.warehouse_id = %s::uuid
 WHERE l.delivery_id = ANY(%s::uuid[]) AND (l.reservation_id IS NOT NULL OR p.id IS NOT NULL)
"""


class ToFetch(NamedTuple):
    """`quantity` base units of a product for a delivery line, or for a part of its bundle."""

    delivery_id: UUID
    line_id: UUID
    part_id: UUID | None
    product_id: UUID
    sku: str
    place: str
    quantity: Decimal
    by_lot: bool


def _calls(warehouse_id: UUID, day: date, ids: Collection[UUID] | None, lock: str) -> list[Call]:
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"place": warehouse_id, "date": day, "ids": None if ids is None else list(ids)}
        cursor.execute(_CALLS.format(lock=lock), asked)
        rows = cursor.fetchall()
    there = Counter(row[6] for row in rows)
    return [Call(*row[:7]) for row in rows if not row[6] or there[row[6]] == row[7]]


def lock_calls(*, warehouse_id: UUID, date: date, delivery_ids: Collection[UUID] | None) -> list[Call]:
    """What has to leave a warehouse by a day and stands in no route, locked; what another has locked is passed over,
    and what travels with it."""
    return _calls(warehouse_id, date, delivery_ids, "FOR UPDATE OF d SKIP LOCKED")


def calls_to_plan(*, warehouse_id: UUID, date: date) -> list[Call]:
    """The same, to be looked at. The caller has checked access."""
    return _calls(warehouse_id, date, None, "")


def trucks_of(*, warehouse_id: UUID, date: date) -> dict[UUID, tuple[Truck, tuple[str, UUID | None]]]:
    """A warehouse's vehicles with the room they have left on a day, and who drives them."""
    with connection.cursor() as cursor:
        cursor.execute(_TRUCKS, [date, warehouse_id])
        return {
            vehicle_id: (Truck(vehicle_id, room, tuple(zones)), (driver, user_id))
            for vehicle_id, room, zones, driver, user_id in cursor.fetchall()
        }


def goods_of(*, delivery_ids: Collection[UUID], warehouse_id: UUID) -> dict[UUID, list[ToFetch]]:
    """What is fetched from the shelves for each delivery. Services are not fetched."""
    found: dict[UUID, list[ToFetch]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [warehouse_id, list(delivery_ids)])
        for row in cursor.fetchall():
            one = ToFetch(*row)
            found.setdefault(one.delivery_id, []).append(one)
    return found

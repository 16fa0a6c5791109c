"""What deliveries weigh and take up, by the goods of their lines. The caller has checked access."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.catalog.queries.loads import SUMS
from niaga.catalog.rules.load import GoodsLoad
from niaga.core.queries.together import Question, Written

# One unit of delivery line `l`; of a bundle, its parts as they were drawn up.
LINE_LOAD = """
CROSS JOIN LATERAL catalog_load(l.product_id, l.unit_id, l.factor, coalesce((
  SELECT jsonb_agg(jsonb_build_object('product_id', x.product_id, 'quantity', x.quantity))
    FROM stock_deliverypart x WHERE x.line_id = l.id), '[]'::jsonb)) w
"""
LINE_SUMS = SUMS.format(quantity="l.quantity", load="w")
_DELIVERIES = f"""
SELECT l.delivery_id, {LINE_SUMS} FROM stock_deliveryline l {LINE_LOAD}
 WHERE l.delivery_id = ANY(%s::uuid[]) GROUP BY l.delivery_id
"""
_ONE = f"SELECT {LINE_SUMS} FROM stock_deliveryline l {LINE_LOAD} WHERE l.delivery_id = %s::uuid"
_LINES = f"""
SELECT l.id, l.quantity * w.weight, l.quantity * w.volume, w.carried::int, w.no_weight::int, w.no_volume::int
  FROM stock_deliveryline l {LINE_LOAD} WHERE l.delivery_id = ANY(%s::uuid[])
"""
_ROUTES = f"""
SELECT s.route_id, {LINE_SUMS} FROM stock_routestop s
  JOIN stock_delivery d ON d.id = s.delivery_id AND d.status <> 'cancelled'
  JOIN stock_deliveryline l ON l.delivery_id = d.id {LINE_LOAD}
 WHERE s.route_id = ANY(%s::uuid[]) GROUP BY s.route_id
"""
_TOLD: Mapping[str, Callable[[Any], Any]] = {
    "weight": Decimal, "volume": Decimal, "lines": int, "unweighed": int, "unmeasured": int
}  # fmt: skip


def delivery_loads(delivery_ids: Collection[UUID]) -> dict[UUID, GoodsLoad]:
    """By delivery; one statement for any number."""
    if not delivery_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, [list(delivery_ids)])
        return {row[0]: GoodsLoad(*row[1:]) for row in cursor.fetchall()}


def load_of_delivery(*, delivery_id: UUID) -> Question[GoodsLoad]:
    """Of a whole delivery, beside other questions of its page."""
    return Question(Written(_ONE, [delivery_id], _TOLD), lambda rows: GoodsLoad(**rows[0]))


def line_loads(delivery_ids: Collection[UUID]) -> dict[UUID, GoodsLoad]:
    """By line of deliveries; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(delivery_ids)])
        return {row[0]: GoodsLoad(*row[1:]) for row in cursor.fetchall()}


def route_loads(route_ids: Collection[UUID]) -> dict[UUID, GoodsLoad]:
    """By route, what its deliveries come to; one statement for any number."""
    if not route_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ROUTES, [list(route_ids)])
        return {row[0]: GoodsLoad(*row[1:]) for row in cursor.fetchall()}

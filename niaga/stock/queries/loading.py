"""What goes onto a vehicle: the lines of a route's deliveries, and how much of each product that is."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from niaga.catalog.rules.load import GoodsLoad
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import DeliveryRoute
from niaga.stock.queries.loads import LINE_LOAD
from niaga.stock.queries.picking import visible_routes
from niaga.stock.registry import load_facts
from niaga.stock.rules.load_list import LoadLine, LoadStop, load_stops

# Of a delivery that is still here as much as was picked of it leaves, in whole units; of a bundle by its scarcest part.
_LOADS = """
FROM stock_routestop s JOIN stock_delivery d ON d.id = s.delivery_id AND d.status <> 'cancelled'
JOIN stock_deliveryline l ON l.delivery_id = d.id
JOIN catalog_product q ON q.id = l.product_id JOIN catalog_unit u ON u.id = l.unit_id
CROSS JOIN LATERAL (
  SELECT least(l.quantity, coalesce((
    SELECT trunc(min(k.picked / coalesce(p.quantity, 1)) / l.factor, u.digits::int)
      FROM stock_pickline k LEFT JOIN stock_deliverypart p ON p.id = k.part_id
     WHERE k.delivery_line_id = l.id AND k.picked IS NOT NULL AND d.status IN ('draft', 'picking')
  ), l.quantity)) AS units) g
"""
_LINES = f"""
SELECT s.position, d.id, d.number, d.status IN ('draft', 'picking'), d.customer_id, c.name, d.address::text, l.id,
       coalesce(nullif(l.description, ''), q.name), q.sku, g.units, u.code,
       EXISTS (SELECT 1 FROM stock_loadmark m WHERE m.delivery_line_id = l.id AND m.route_id = s.route_id),
       g.units * w.weight, g.units * w.volume, w.carried::int, w.no_weight::int, w.no_volume::int
  {_LOADS} {LINE_LOAD} JOIN parties_customer c ON c.id = d.customer_id
 WHERE s.route_id = %s::uuid AND g.units > 0 AND q.kind IN ('goods', 'bundle')
 ORDER BY s.position, s.id, l.position
"""
_PRODUCTS = f"""
SELECT o.sku, o.name, v.code, sum(g.units * l.factor * coalesce(b.quantity, 1))
  {_LOADS} LEFT JOIN stock_deliverypart b ON b.line_id = l.id
  JOIN catalog_product o ON o.id = coalesce(b.product_id, l.product_id) AND o.kind = 'goods'
  JOIN catalog_unit v ON v.id = o.unit_id
 WHERE s.route_id = %s::uuid AND g.units > 0
 GROUP BY o.id, o.sku, o.name, v.code ORDER BY o.name, o.sku
"""


class LoadedProduct(NamedTuple):
    """How much of a product is on the vehicle, in base units; what is in bundles is counted by its parts."""

    sku: str
    name: str
    unit: str
    quantity: Decimal


def get_route(*, route_id: UUID, by: Actor) -> DeliveryRoute:
    """:raises NotFound: none, or none that the person may see"""
    access_of(by).require("stock", "view")
    found = visible_routes(by=by).filter(pk=route_id).first()
    if found is None:
        raise NotFound()
    return found


def load_lines(*, route_id: UUID) -> list[LoadLine]:
    """In the order of unloading; one statement. The caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [route_id])
        rows = cursor.fetchall()
    return [
        LoadLine._make((*row[:6], orjson.loads(row[6]), *row[7:13], GoodsLoad(*row[13:]))) for row in rows
    ]  # fmt: skip


def load_of(route: DeliveryRoute) -> list[LoadStop]:
    """The stops of a route with what upper apps know of their deliveries: one statement each, whatever its length."""
    lines = load_lines(route_id=route.pk)
    deliveries = list(dict.fromkeys(line.delivery_id for line in lines))
    return load_stops(lines, [source(deliveries, route.date) for _name, source in load_facts] if deliveries else ())


def loaded_products(*, route_id: UUID) -> list[LoadedProduct]:
    """By product; one statement. The caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [route_id])
        return [LoadedProduct(*row) for row in cursor.fetchall()]

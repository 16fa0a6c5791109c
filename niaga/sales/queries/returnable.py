"""What can come back of an order: what left, when and at which cost, and what was billed of it. Doors for returns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from niaga.core.errors import NotFound
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.parts import stocked


def lock_sold(order_id: UUID) -> SalesOrder:
    """The order, locked, with its branch and customer. The verb checks access.

    :raises NotFound: no such order
    """
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch", "company", "customer")
    found: SalesOrder | None = rows.filter(pk=order_id).first()
    if found is None:
        raise NotFound(field="order_id")
    return found


def lock_sold_together(order_id: UUID) -> SalesOrder:
    """The order, locked in key order with those that are billed on the same invoices: who credits these holds them all
    before the credit account. The verb checks access.

    :raises NotFound: no such order
    """
    invoices = OrderLineInvoice.objects.filter(order_line__order_id=order_id).values("invoice_line__invoice_id")
    lines = SalesOrderLine.objects.filter(invoices__invoice_line__invoice_id__in=invoices).values("order_id")
    links = OrderInvoice.objects.filter(invoice_id__in=invoices).values("order_id")
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch", "company", "customer")
    locked = rows.filter(Q(pk=order_id) | Q(pk__in=lines) | Q(pk__in=links)).order_by("pk")
    found = next((one for one in locked if one.pk == order_id), None)
    if found is None:
        raise NotFound(field="order_id")
    return found


def sold_lines(order_id: UUID) -> list[SalesOrderLine]:
    """Lines of goods of an order, in order, with product and unit."""
    rows = SalesOrderLine.objects.filter(order_id=order_id, kind="item", product_id__isnull=False)
    return list(rows.select_related("product", "unit").order_by("position"))


def sold_lines_of(order_ids: Collection[UUID], *, product_ids: Collection[UUID]) -> list[SalesOrderLine]:
    """Lines of several orders with one of these products. The caller has checked access."""
    rows = SalesOrderLine.objects.filter(order_id__in=list(order_ids), kind="item", product_id__in=list(product_ids))
    return list(rows.order_by("order_id", "position"))


def last_shipped(order_id: UUID) -> dict[UUID, date]:
    """The day on which the last of each line left, by order line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.order_line_id, max(d.shipped_date) FROM sales_orderlinedelivery k"
            " JOIN sales_salesorderline l ON l.id = k.order_line_id"
            " JOIN stock_deliveryline v ON v.id = k.delivery_line_id JOIN stock_delivery d ON d.id = v.delivery_id"
            " WHERE l.order_id = %s::uuid AND d.shipped_date IS NOT NULL GROUP BY 1",
            [order_id],
        )
        return dict(cursor.fetchall())


def left_at_cost(order_line_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """What one base unit of each product was worth as it left, by order line and product; frozen by its moves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.order_line_id, m.product_id, round(sum(m.value) / sum(m.quantity), 6)"
            "  FROM sales_orderlinedelivery k JOIN stock_stockmove m ON m.line_id = k.delivery_line_id"
            " WHERE k.order_line_id = ANY(%s::uuid[]) AND m.source_kind = 'delivery'"
            " GROUP BY 1, 2 HAVING sum(m.quantity) <> 0",
            [list(order_line_ids)],
        )
        return {(line, product): cost for line, product, cost in cursor.fetchall()}


class LeftLot(NamedTuple):
    """So much of a lot left with an order line, in base units."""

    lot_id: UUID
    number: str
    quantity: Decimal


def lots_left(order_line_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[LeftLot]]:
    """The lots that left, by order line and product; what is not kept by lot is missing. One statement."""
    found: dict[tuple[UUID, UUID], list[LeftLot]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.order_line_id, m.product_id, o.id, o.number, -sum(m.quantity)"
            "  FROM sales_orderlinedelivery k JOIN stock_stockmove m ON m.line_id = k.delivery_line_id"
            "  JOIN stock_lot o ON o.id = m.lot_id"
            " WHERE k.order_line_id = ANY(%s::uuid[]) AND m.source_kind = 'delivery'"
            " GROUP BY 1, 2, 3, 4 ORDER BY o.expires_on, o.number",
            [list(order_line_ids)],
        )
        for line_id, product_id, *lot in cursor.fetchall():
            found.setdefault((line_id, product_id), []).append(LeftLot(*lot))
    return found


@dataclass(frozen=True, slots=True)
class BilledLine:
    """An issued invoice's line of an order line; `left` of it is not credited yet (drafts of credit notes count)."""

    order_line_id: UUID
    invoice_id: UUID
    line_id: UUID
    number: str
    currency: str
    quantity: Decimal
    left: Decimal


_BILLED = """
SELECT k.order_line_id, i.id, v.id, i.number, i.currency, v.quantity, v.quantity - coalesce(c.credited, 0)
  FROM sales_salesorderline l JOIN sales_orderlineinvoice k ON k.order_line_id = l.id
  JOIN invoicing_invoiceline v ON v.id = k.invoice_line_id JOIN invoicing_invoice i ON i.id = v.invoice_id
  LEFT JOIN LATERAL (
    SELECT sum(x.quantity) AS credited FROM invoicing_invoiceline x JOIN invoicing_invoice n ON n.id = x.invoice_id
     WHERE x.credits_line_id = v.id AND n.kind = 'credit_note' AND n.status IN ('draft', 'issued')) c ON true
 WHERE l.order_id = %s::uuid AND i.kind = 'invoice' AND i.status = 'issued' AND k.quantity > 0
 ORDER BY i.issued_at, i.id, v.position
"""


def billed_lines(order_id: UUID) -> list[BilledLine]:
    """What issued invoices billed of an order, the oldest first. The caller holds the order's lock, and has checked
    access where it shows this."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLED, [order_id])
        return [BilledLine(*row) for row in cursor.fetchall()]


_ORDERS_OF = {
    "invoice": "SELECT l.order_id FROM sales_orderlineinvoice k JOIN invoicing_invoiceline v"
    " ON v.id = k.invoice_line_id JOIN sales_salesorderline l ON l.id = k.order_line_id WHERE v.invoice_id = %s::uuid",
    "delivery": "SELECT l.order_id FROM sales_orderlinedelivery k JOIN stock_deliveryline v"
    " ON v.id = k.delivery_line_id JOIN sales_salesorderline l ON l.id = k.order_line_id"
    " WHERE v.delivery_id = %s::uuid",
}


def orders_behind(kind: str, document_id: UUID) -> list[UUID]:
    """The orders that an invoice bills or a delivery serves. Unchecked access."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT order_id FROM ({_ORDERS_OF[kind]}) o ORDER BY 1", [document_id])
        return [row[0] for row in cursor.fetchall()]


def stocked_contents(order_line_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Decimal]]:
    """What one base unit of each line takes of the stock, by product: itself, or the goods in its bundle."""
    if not order_line_ids:
        return {}
    rows = SalesOrderLine.objects.filter(pk__in=list(order_line_ids)).only("product_id", "needs_stock", "parts")
    return {line.id: stocked(line.product_id, line.needs_stock, line.parts) for line in rows}

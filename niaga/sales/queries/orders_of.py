"""From deliveries and invoices back to their orders."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from niaga.sales.models import DropShipLine, OrderLineDelivery, OrderLineInvoice


def orders_of_invoice(*, invoice_id: UUID) -> list[UUID]:
    """The orders an invoice bills, in key order."""
    rows = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id).order_by("order_line__order_id")
    return list(rows.values_list("order_line__order_id", flat=True).distinct())


def order_of_delivery_id(*, delivery_id: UUID) -> UUID | None:
    """The order a delivery fulfils, or none."""
    rows = OrderLineDelivery.objects.filter(delivery_line__delivery_id=delivery_id)
    return rows.values_list("order_line__order_id", flat=True).first()


def orders_of_deliveries(delivery_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str, str]]:
    """By delivery its order's id, number and the customer's own reference. One statement; unchecked access."""
    rows = OrderLineDelivery.objects.filter(delivery_line__delivery_id__in=list(delivery_ids)).order_by()
    names = ("order_line__order_id", "order_line__order__number", "order_line__order__customer_reference")
    found = rows.values_list("delivery_line__delivery_id", *names).distinct()
    return {key: (order_id, number, reference) for key, order_id, number, reference in found}


_TOGETHER = """
SELECT DISTINCT j.id, j.number, o.id, o.number
  FROM stock_delivery d
  JOIN stock_jointdelivery j ON j.id = d.joint_id
  JOIN stock_delivery m ON m.joint_id = j.id
  JOIN stock_deliveryline v ON v.delivery_id = m.id
  JOIN sales_orderlinedelivery k ON k.delivery_line_id = v.id
  JOIN sales_salesorderline l ON l.id = k.order_line_id JOIN sales_salesorder o ON o.id = l.order_id
 WHERE d.id IN (SELECT x.delivery_id FROM sales_salesorderline y
                  JOIN sales_orderlinedelivery z ON z.order_line_id = y.id
                  JOIN stock_deliveryline x ON x.id = z.delivery_line_id WHERE y.order_id = %s::uuid)
 ORDER BY j.number, o.number
"""


class TravelsTogether(NamedTuple):
    """A joint delivery that goods of an order are in, and the other orders in it: id and number."""

    id: UUID
    number: str
    orders: list[tuple[UUID, str]]


def together_of_order(*, order_id: UUID) -> list[TravelsTogether]:
    """What an order's goods travel with, or travelled. One statement; the caller has checked access."""
    found: dict[UUID, TravelsTogether] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, [order_id])
        for key, number, other_id, other in cursor.fetchall():
            one = found.setdefault(key, TravelsTogether(key, number, []))
            if other_id != order_id:
                one.orders.append((other_id, other))
    return list(found.values())


def orders_told_of_invoices(invoice_ids: Collection[UUID]) -> list[tuple[str, UUID]]:
    """The orders whose pages and lists show what happened to these invoices."""
    rows = OrderLineInvoice.objects.filter(invoice_line__invoice_id__in=invoice_ids)
    return [("order", key) for key in rows.values_list("order_line__order_id", flat=True).distinct()]


def orders_told_of_deliveries(delivery_ids: Collection[UUID]) -> list[tuple[str, UUID]]:
    """The orders whose pages and lists show what happened to these deliveries."""
    rows = OrderLineDelivery.objects.filter(delivery_line__delivery_id__in=delivery_ids)
    return [("order", key) for key in rows.values_list("order_line__order_id", flat=True).distinct()]


def shipped_deliveries(*, order_id: UUID) -> list[tuple[UUID, str]]:
    """The deliveries of an order that have left, with their numbers, the first first."""
    rows = OrderLineDelivery.objects.filter(
        order_line__order_id=order_id, delivery_line__delivery__shipped_date__isnull=False
    )
    names = ("delivery_line__delivery_id", "delivery_line__delivery__number")
    found = rows.order_by("delivery_line__delivery__shipped_date", *names).values_list(*names)
    return list(dict.fromkeys(found))


def named_lines(line_ids: Collection[UUID]) -> set[UUID]:
    """Those order lines that a request to a supplier or an invoice names, be it called off or credited. One statement.

    Deliveries that were cancelled are no reason to keep a line.
    """
    rows = DropShipLine.objects.filter(order_line_id__in=line_ids).order_by().values_list("order_line_id")
    billed = OrderLineInvoice.objects.filter(order_line_id__in=line_ids).order_by().values_list("order_line_id")
    return {line_id for (line_id,) in rows.union(billed)}

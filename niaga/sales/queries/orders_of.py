"""From deliveries and invoices back to their orders."""

from collections.abc import Collection
from uuid import UUID

from niaga.sales.models import DropShipLine, OrderLineDelivery, OrderLineInvoice


def orders_of_invoice(*, invoice_id: UUID) -> list[UUID]:
    """The orders an invoice bills, in key order."""
    rows = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id).order_by("order_line__order_id")
    return list(rows.values_list("order_line__order_id", flat=True).distinct())


def order_of_delivery_id(*, delivery_id: UUID) -> UUID | None:
    """The order a delivery fulfils, or none."""
    rows = OrderLineDelivery.objects.filter(delivery_line__delivery_id=delivery_id)
    return rows.values_list("order_line__order_id", flat=True).first()


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

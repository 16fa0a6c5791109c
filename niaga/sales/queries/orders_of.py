"""From deliveries and invoices back to their orders."""

from uuid import UUID

from niaga.sales.models import OrderLineDelivery, OrderLineInvoice


def orders_of_invoice(*, invoice_id: UUID) -> list[UUID]:
    """The orders an invoice bills, in key order."""
    rows = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id).order_by("order_line__order_id")
    return list(rows.values_list("order_line__order_id", flat=True).distinct())


def order_of_delivery_id(*, delivery_id: UUID) -> UUID | None:
    """The order a delivery fulfils, or none."""
    rows = OrderLineDelivery.objects.filter(delivery_line__delivery_id=delivery_id)
    return rows.values_list("order_line__order_id", flat=True).first()


def shipped_deliveries(*, order_id: UUID) -> list[tuple[UUID, str]]:
    """The deliveries of an order that have left, with their numbers, the first first."""
    rows = OrderLineDelivery.objects.filter(
        order_line__order_id=order_id, delivery_line__delivery__shipped_date__isnull=False
    )
    names = ("delivery_line__delivery_id", "delivery_line__delivery__number")
    found = rows.order_by("delivery_line__delivery__shipped_date", *names).values_list(*names)
    return list(dict.fromkeys(found))

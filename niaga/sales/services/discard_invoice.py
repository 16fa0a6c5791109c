from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from niaga.core.batch import Batch
from niaga.invoicing.queries.crediting import lock_draft_invoice
from niaga.invoicing.services.discard_draft import discard_draft
from niaga.organization.access import Actor, access_of
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress


@transaction.atomic
def discard_invoice(*, invoice_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Throw a draft invoice, down payment or credit note away; what it billed of orders can be billed anew.

    :raises NotFound: no such invoice
    :raises Forbidden: the person may not discard it
    :raises WrongState: it is issued or discarded
    """
    orders = {order.id: order for order in orders_of_invoice(invoice_id)}
    invoice = lock_draft_invoice(invoice_id)
    access_of(by).require("invoice", "discard", invoice)
    batch = Batch()
    discard_draft(batch=batch, invoice=invoice, reason=reason, by=by.id, at=at)
    links = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id).order_by()
    billed = dict(links.values_list("order_line_id").annotate(sum=Sum("quantity")))
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "invoiced": quantity} for line_id, quantity in billed.items()],
        values={"invoiced": "t.invoiced - v.invoiced"},
    )
    if billed:
        batch.sql(
            "unlinked",
            "DELETE FROM sales_orderlineinvoice k USING invoicing_invoiceline l"
            " WHERE l.id = k.invoice_line_id AND l.invoice_id = %s::uuid RETURNING 1",
            [invoice_id],
        )
    shares = dict(OrderInvoice.objects.filter(invoice_id=invoice_id).values_list("order_id", "open_amount"))
    if shares:
        batch.sql("shares", "DELETE FROM sales_orderinvoice WHERE invoice_id = %s::uuid RETURNING 1", [invoice_id])
    for order in orders.values():
        own = list(SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False))
        reached = progress(
            [(line.invoiced - billed.get(line.id, Decimal(0)), line.quantity - line.cancelled) for line in own]
        )
        give_back = shares.get(order.id, invoice.open_order_amount if len(orders) == 1 else Decimal(0))
        batch.update(
            SalesOrder,
            where={"id": order.id},
            values={"invoice_progress": reached, "exposure": order.exposure + give_back, "updated_at": at},
        )
    batch.write()


def orders_of_invoice(invoice_id: UUID) -> list[SalesOrder]:
    """The orders that an invoice bills, locked in key order, before the invoice itself."""
    lines = SalesOrderLine.objects.filter(invoices__invoice_line__invoice_id=invoice_id).values("order_id")
    links = OrderInvoice.objects.filter(invoice_id=invoice_id).values("order_id")
    return list(SalesOrder.objects.select_for_update().filter(Q(id__in=lines) | Q(id__in=links)).order_by("pk"))

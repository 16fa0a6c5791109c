"""Orders by the numbers that payers write: whose they are, and which invoices were made of them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from niaga.organization.access import Actor, access_of
from niaga.payments.rules.match_facts import Promise
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder


def promised_orders(*, numbers: Collection[str], by: Actor) -> Mapping[str, Promise]:
    """Also for a pro-forma, whose number begins with its order's. Two statements, none without a number."""
    if not numbers:
        return {}
    rows = SalesOrder.objects.filter(access_of(by).filter("order"), number__in=list(numbers)).exclude(
        status="cancelled"
    )
    orders = {
        key: (number, customer_id) for key, number, customer_id in rows.values_list("id", "number", "customer_id")
    }
    if not orders:
        return {}
    billed: dict[UUID, list[UUID]] = {key: [] for key in orders}
    by_line = OrderLineInvoice.objects.filter(order_line__order_id__in=list(orders)).order_by()
    whole = OrderInvoice.objects.filter(order_id__in=list(orders)).order_by()
    pairs = by_line.values_list("order_line__order_id", "invoice_line__invoice_id").union(
        whole.values_list("order_id", "invoice_id")
    )
    for order_id, invoice_id in sorted(pairs):
        billed[order_id].append(invoice_id)
    return {number: Promise(customer_id, tuple(billed[key])) for key, (number, customer_id) in orders.items()}

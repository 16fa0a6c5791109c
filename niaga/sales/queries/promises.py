"""Orders by the numbers that payers write: whose they are, and which invoices were made of them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import UUIDField, Value
from django.db.models.functions import Cast

from niaga.organization.access import Actor, access_of
from niaga.payments.rules.match_facts import Promise
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder


def promised_orders(*, numbers: Collection[str], by: Actor) -> Mapping[str, Promise]:
    """Also for a pro-forma, whose number begins with its order's. One statement, none without a number."""
    if not numbers:
        return {}
    seen = SalesOrder.objects.filter(access_of(by).filter("order"), number__in=list(numbers)).order_by()
    seen = seen.exclude(status="cancelled")
    nothing = Cast(Value(None), UUIDField())
    by_line = OrderLineInvoice.objects.filter(order_line__order__in=seen).order_by()
    whole = OrderInvoice.objects.filter(order__in=seen).order_by()
    rows = seen.values_list("number", "customer_id", nothing).union(
        by_line.values_list("order_line__order__number", "order_line__order__customer_id", "invoice_line__invoice_id"),
        whole.values_list("order__number", "order__customer_id", "invoice_id"),
    )
    found: dict[str, tuple[UUID, list[UUID]]] = {}
    for number, customer_id, invoice_id in rows:
        invoices = found.setdefault(number, (customer_id, []))[1]
        if invoice_id is not None:
            invoices.append(invoice_id)
    return {number: Promise(customer_id, tuple(sorted(bills))) for number, (customer_id, bills) in found.items()}

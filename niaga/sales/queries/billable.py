"""Orders with something left to bill."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from niaga.organization.access import Actor, access_of
from niaga.sales.models import SalesOrder, SalesOrderLine


def billable_orders(*, by: Actor, text: str = "", customer_id: UUID | None = None) -> QuerySet[SalesOrder]:
    """Orders that the person may see and that are not invoiced whole, by customer, the oldest first.

    `is_ready`: goods were delivered, or services promised, that are not billed yet.
    """
    ready = SalesOrderLine.objects.filter(order_id=OuterRef("pk"), product_id__isnull=False).filter(
        Q(needs_stock=True, shipped__gt=F("invoiced"))
        | Q(needs_stock=False, quantity__gt=F("invoiced") + F("cancelled"))
    )
    rows = (
        SalesOrder.objects.filter(access_of(by).filter("order"), status__in=("confirmed", "closed"))
        .exclude(invoice_progress="done")
        .select_related("customer")
        .annotate(is_ready=Exists(ready))
    )
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(customer__name__icontains=text))
    return rows.order_by("customer__name", "customer_id", "date", "id")

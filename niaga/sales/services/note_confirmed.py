from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.sales.models import SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import billing_of, needs_delivery
from niaga.sales.services.note_billing_cause import note_billing_cause


@transaction.atomic
def note_confirmed(*, order_id: UUID, at: datetime) -> UUID | None:
    """The cause of an order that is billed at confirmation, or at delivery when nothing of it is ever delivered
    (services are delivered when they are promised); None: it is not."""
    order = SalesOrder.objects.filter(pk=order_id, status__in=("confirmed", "closed")).first()
    rule = None if order is None else billing_of(order)
    if order is None or rule is None:
        return None
    if rule.way == BillingWay.DELIVERY and not needs_delivery(order_id=order_id):
        key = f"services:{order_id}"
    elif rule.way == BillingWay.CONFIRMATION:
        key = f"confirmation:{order_id}"
    else:
        return None
    return note_billing_cause(key=key, rule=rule, orders=[order], source_number=order.number, at=at)

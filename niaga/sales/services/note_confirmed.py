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
    if rule.way == BillingWay.DELIVERY:
        return note_services_left(order_id=order_id, at=at)
    if rule.way != BillingWay.CONFIRMATION:
        return None
    return note_billing_cause(
        key=f"confirmation:{order_id}", rule=rule, orders=[order], source_number=order.number, at=at
    )


@transaction.atomic
def note_services_left(*, order_id: UUID, at: datetime) -> UUID | None:
    """The cause of an order billed at delivery whose goods were all taken back before any of them left: its services
    would wait for a delivery that never comes. None: it is billed otherwise, or something of it leaves."""
    order = SalesOrder.objects.filter(pk=order_id, status__in=("confirmed", "closed")).first()
    rule = None if order is None else billing_of(order)
    if order is None or rule is None or rule.way != BillingWay.DELIVERY or needs_delivery(order_id=order_id):
        return None
    return note_billing_cause(key=f"services:{order_id}", rule=rule, orders=[order], source_number=order.number, at=at)

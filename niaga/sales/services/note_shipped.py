from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.sales.models import SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import rule_of
from niaga.sales.queries.orders_of import order_of_delivery_id
from niaga.sales.services.note_billing_cause import note_billing_cause


@transaction.atomic
def note_shipped(*, delivery_id: UUID, number: str, at: datetime) -> UUID | None:
    """The cause of a delivery whose customer is billed for each; None: they are not, or it is of no order."""
    order_id = order_of_delivery_id(delivery_id=delivery_id)
    order = None if order_id is None else SalesOrder.objects.filter(pk=order_id).first()
    rule = None if order is None else rule_of(company_id=order.company_id, customer_id=order.customer_id)
    if order is None or rule is None or rule.way != BillingWay.DELIVERY:
        return None
    return note_billing_cause(
        key=f"delivery:{delivery_id}", rule=rule, orders=[order], source_number=number, delivery_id=delivery_id, at=at
    )

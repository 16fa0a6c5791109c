from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.sales.models import SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import rule_of
from niaga.sales.services.note_billing_cause import note_billing_cause


@transaction.atomic
def note_confirmed(*, order_id: UUID, at: datetime) -> UUID | None:
    """The cause of an order whose customer is billed at confirmation; None: they are not."""
    order = SalesOrder.objects.filter(pk=order_id).first()
    rule = None if order is None else rule_of(company_id=order.company_id, customer_id=order.customer_id)
    if order is None or rule is None or rule.way != BillingWay.CONFIRMATION:
        return None
    return note_billing_cause(
        key=f"confirmation:{order_id}", rule=rule, orders=[order], source_number=order.number, at=at
    )

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from niaga.sales.models import BillingCause, SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import billing_of
from niaga.sales.queries.orders_of import shipped_deliveries
from niaga.sales.services.bill_cause import CHOSEN_OTHERWISE
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_shipped import note_shipped


@transaction.atomic
def note_choice(*, order_id: UUID, at: datetime) -> list[UUID]:
    """The causes of an order by the way it is billed now, for what was confirmed and delivered before that was chosen;
    with those that wait under another way, to be let go. A period's end finds its orders by itself."""
    order = SalesOrder.objects.filter(pk=order_id, status__in=("confirmed", "closed")).first()
    if order is None:
        return []
    rule = billing_of(order)
    alone = BillingCause.objects.filter(company_id=order.company_id, order_ids=[str(order_id)], invoice=None)
    if rule is not None:  # what was let go before, and what waits under this way already
        again = alone.filter(Q(done_at=None) | Q(code=CHOSEN_OTHERWISE), kind=rule.way)
        again.update(done_at=None, issues=rule.issues)
    if rule is not None and rule.way in (BillingWay.CONFIRMATION, BillingWay.DELIVERY):
        note_confirmed(order_id=order_id, at=at)
    if rule is not None and rule.way == BillingWay.DELIVERY:
        for delivery_id, number in shipped_deliveries(order_id=order_id):
            note_shipped(delivery_id=delivery_id, number=number, at=at)
    return list(alone.filter(done_at=None).order_by("created_at", "id").values_list("pk", flat=True))

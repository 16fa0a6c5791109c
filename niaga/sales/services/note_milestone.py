from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound, WrongState
from niaga.sales.models import BillingCause, Milestone, SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import choice_of
from niaga.sales.services.note_billing_cause import note_billing_cause


@transaction.atomic
def note_milestone(*, milestone_id: UUID, again: bool = False, at: datetime) -> UUID:
    """The cause of a milestone, once. With `again` one whose draft was discarded, or that was put aside, waits anew.

    :raises NotFound: there is no such milestone any more
    :raises WrongState: its order is not confirmed, or billed in another way
    """
    found = Milestone.objects.filter(pk=milestone_id).first()
    if found is None:
        raise NotFound()
    causes = BillingCause.objects.select_for_update(of=("self",)).select_related("invoice")
    cause = causes.filter(milestone=found).first()  # before its order, as where it is billed
    order = SalesOrder.objects.select_for_update().get(pk=found.order_id)
    choice = choice_of(order_id=order.pk)
    if order.status != "confirmed" or choice is None or choice.way != BillingWay.MILESTONE:
        raise WrongState()
    if cause is None:
        cause_id = note_billing_cause(
            key=f"milestone:{found.pk}", rule=choice, orders=[order], source_number=order.number, at=at
        )
        if not Milestone.objects.filter(pk=found.pk).update(cause_id=cause_id):
            raise NotFound()
        return cause_id
    if again and cause.done_at is not None and (cause.invoice is None or cause.invoice.status == "discarded"):
        BillingCause.objects.filter(pk=cause.pk).update(invoice=None, done_at=None, code="", reason="")
    return cause.pk

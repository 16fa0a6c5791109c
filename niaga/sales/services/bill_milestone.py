from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.sales.models import BillingCause, Milestone
from niaga.sales.queries.documents import get_order
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.note_milestone import note_milestone


@transaction.atomic
def bill_milestone(*, milestone_id: UUID, by: Actor, at: datetime) -> BillingCause:
    """Bill a milestone on this person's word, before its day too. What is refused waits with its reason.

    :raises NotFound: no such milestone
    :raises Forbidden: the person may not write its order's invoices, or not issue them where they are issued at once
    :raises WrongState: its order is not confirmed, or billed in another way
    """
    found = Milestone.objects.filter(pk=milestone_id).first()
    if found is None:
        raise NotFound()
    order = get_order(order_id=found.order_id, by=by)
    access_of(by).require("invoice", "create", order)
    cause = bill_cause(cause_id=note_milestone(milestone_id=milestone_id, again=True, at=at), by=by, at=at)
    batch = Batch()
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="bill_milestone", by=by.id, at=at,
        company_id=order.company_id, data={"name": found.name},
    )  # fmt: skip
    batch.write()
    return cause

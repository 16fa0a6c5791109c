from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import QuotationChanged
from niaga.sales.models import Quotation
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.lock_quotation import lock_quotation


@transaction.atomic
def cancel_quotation(*, quotation_id: UUID, reason: str = "", by: Actor, at: datetime) -> Quotation:
    """Withdraw an offer. Its public link then says that it is no longer valid.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not cancel it
    :raises WrongState: it was accepted or cancelled
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="cancel", by=by)
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="quotation", subject_ids=[quotation.id], at=at)
    move(batch=batch, flow=quotation_flow, document=quotation, move="cancel", by=by.id, at=at, note=reason)
    write_timeline(
        batch=batch, customer_id=quotation.customer_id, company_id=quotation.company_id, kind="quotation.cancelled",
        subject_kind="quotation", subject_id=quotation.id, number=quotation.number, text=reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=QuotationChanged(quotation.id, quotation.number, quotation.customer_id, "cancelled"),
        company_id=quotation.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return quotation

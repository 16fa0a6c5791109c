from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import QuotationDeclined
from niaga.sales.models import Quotation, QuotationAnswer
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.lock_quotation import lock_quotation


@transaction.atomic
def decline_quotation(
    *,
    quotation_id: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    name: str = "",
    through_link: bool = False,
    address: str | None = None,
) -> Quotation:
    """Take the customer's no, with the reason they give.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not answer for the customer
    :raises WrongState: it is not with the customer, or was answered
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="accept", by=by)
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="quotation", subject_ids=[quotation.id], at=at)
    move(
        batch=batch, flow=quotation_flow, document=quotation, move="decline", by=by.id, at=at, note=reason,
        data={"name": name, "through_link": through_link},
    )  # fmt: skip
    batch.insert(
        QuotationAnswer,
        [
            {
                "quotation_id": quotation.id, "accepted": False, "name": name, "reason": reason,
                "through_link": through_link, "address": address, "by": by.id, "at": at,
            }
        ],
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=quotation.customer_id, company_id=quotation.company_id, kind="quotation.declined",
        subject_kind="quotation", subject_id=quotation.id, number=quotation.number, amount=quotation.total,
        currency=quotation.currency, text=reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=QuotationDeclined(quotation.id, quotation.number, quotation.customer_id, reason),
        company_id=quotation.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return quotation

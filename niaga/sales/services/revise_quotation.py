from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch, Sql
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.sales.events import QuotationChanged
from niaga.sales.models import Quotation
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.lock_quotation import lock_quotation


@transaction.atomic
def revise_quotation(*, quotation_id: UUID, by: Actor, at: datetime) -> Quotation:
    """Take a sent, expired or declined quotation back into work as its next version.

    What the customer was sent stays as it was (`QuotationVersion`), a decline stays in the audit trail. A validity
    that is over starts anew.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not change it
    :raises WrongState: it is a draft already, accepted or cancelled
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="change", by=by)
    context = document_context(branch_id=quotation.branch_id, at=at)
    valid_until = quotation.valid_until
    if valid_until < context.today:
        valid_until = context.today + timedelta(days=context.quotation_valid_days)
    offer_version = quotation.offer_version + 1
    was_declined = quotation.status == "declined"
    batch = Batch()
    move(
        batch=batch, flow=quotation_flow, document=quotation, move="revise", by=by.id, at=at,
        values={"offer_version": Sql("t.offer_version + 1"), "valid_until": valid_until},
        data={"offer_version": offer_version},
    )  # fmt: skip
    if was_declined:  # the answer was to the former version; the audit trail keeps it
        batch.sql(
            "answer", "DELETE FROM sales_quotationanswer WHERE quotation_id = %s::uuid RETURNING 1", [quotation.id]
        )
    announce(
        batch=batch, event=QuotationChanged(quotation.id, quotation.number, quotation.customer_id, "revised"),
        company_id=quotation.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    quotation.offer_version, quotation.valid_until = offer_version, valid_until
    return quotation

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.invoicing.queries.settled_by import settled_by
from niaga.portal.queries.cases import open_payment_cases
from niaga.portal.services.end_case import write_end
from niaga.portal.services.say_in_case import lock_case


@transaction.atomic
def end_with_payment(*, payment_id: UUID, customer_id: UUID, at: datetime) -> list[UUID]:
    """Money came that settles invoices of which the customer had told a payment: nobody needs to look for it any more.
    Told twice, it ends once. Returns the cases that ended."""
    waiting = open_payment_cases(customer_id)
    if not waiting:
        return []
    ended = []
    for one in settled_by(source_id=payment_id):
        if one.amount <= 0 or one.invoice_id not in waiting:
            continue
        case = lock_case(waiting[one.invoice_id])
        if case.status == "open":
            write_end(case, "settled", "", "", payment_id, None, at)
            ended.append(case.pk)
    return ended

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.outbox import announce
from niaga.invoicing.services.settle_dispute import settle_dispute
from niaga.organization.access import Actor, access_of
from niaga.payments.queries.payments import visible_payments
from niaga.portal.errors import NothingSaid
from niaga.portal.events import PortalCaseEnded
from niaga.portal.models import CaseNote, PortalCase
from niaga.portal.services.say_in_case import lock_case
from niaga.portal.services.tell_person import tell_person


@transaction.atomic
def end_case(
    *, case_id: UUID, outcome: str, text: str, name: str, payment_id: UUID | None = None, by: Actor, at: datetime
) -> PortalCase:
    """Answer a case for good: `settled`, or `declined` with a reason; the customer is mailed the words.

    A told payment is settled by a payment of the customer that is recorded; with a dispute the invoice's own is settled
    by the same words.

    :raises NotFound: no such case, none that the person may see, or no such payment of the customer
    :raises Forbidden: the person may not answer customers, or not settle the invoice's dispute
    :raises WrongState: it is over, or the payment was taken back
    :raises NothingSaid: it is declined, or a dispute settled, without a word
    """
    case = lock_case(case_id)
    access = access_of(by)
    if case.company_id not in access.company_ids or not access.reaches("portal", "view", case.customer):
        raise NotFound()
    access.require("portal", "answer", case.customer)
    if case.status != "open" or outcome not in ("settled", "declined"):
        raise WrongState()
    words = text.strip()[:4000]
    if not words and (outcome == "declined" or case.kind == "dispute"):
        raise NothingSaid(field="text")
    paid = case.kind == "payment" and outcome == "settled"
    if paid:
        theirs = visible_payments(by=by).filter(customer_id=case.customer_id)
        payment = theirs.filter(pk=payment_id).first() if payment_id is not None else None
        if payment is None:
            raise NotFound(field="payment_id")
        if payment.status != "recorded":
            raise WrongState()
    if case.dispute_id is not None and case.dispute is not None and case.dispute.settled_at is None:
        settle_dispute(dispute_id=case.dispute_id, settlement=words, by=by, at=at)
    return write_end(case, outcome, words, name, payment_id if paid else None, by.pk, at)


def write_end(
    case: PortalCase, outcome: str, words: str, name: str, payment_id: UUID | None, by: UUID | None, at: datetime
) -> PortalCase:
    """What the end of a locked case writes."""
    batch = Batch()
    values = {"status": outcome, "ended_at": at, "ended_by": by, "payment_id": payment_id}
    batch.update(PortalCase, where={"id": case.pk, "status": "open"}, values=values)
    if words:
        batch.insert(
            CaseNote,
            [{"case_id": case.pk, "by_customer": False, "name": name[:120], "by": by, "text": words, "at": at}],
        )
        tell_person(batch=batch, case=case, text=words, by=by, at=at)
    record(
        batch=batch, subject_kind="portal_case", subject_id=case.pk, verb=outcome, by=by, at=at,
        company_id=case.company_id, from_status="open", to_status=outcome, note=words[:500],
        data={"payment": payment_id},
    )  # fmt: skip
    announce(
        batch=batch, event=PortalCaseEnded(case.pk, case.customer_id, case.kind, outcome), company_id=case.company_id,
        by=by, at=at,
    )  # fmt: skip
    batch.write()
    for column, value in values.items():
        setattr(case, column, value)
    return case

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_accounts
from niaga.payments.errors import ReasonMissing
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import lock_lines, settlements_of
from niaga.payments.services.learn_payers import unlearn_payers
from niaga.payments.services.post_bank_part import post_back
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.settle_line import settle_line, taken_back


@transaction.atomic
def unbook_line(*, line_id: UUID, reason: str, by: Actor, at: datetime) -> BankLine:
    """Take the booking of a bank line back: it waits again. Payments that were recorded from it are reversed, accounts
    posted back; a payment or returned giro that was only found on it stays as it is.

    :raises NotFound: no such line
    :raises Forbidden: the person may not take bookings back
    :raises ReasonMissing: no reason was given
    :raises WrongState: nothing is booked
    :raises PeriodClosed: the books of today's month are closed
    """
    people = {one.customer_id for one in settlements_of([line_id]) if one.customer_id}
    if people:
        lock_credit_accounts(people)
    found = lock_lines([line_id])
    if not found:
        raise NotFound()
    [line] = found
    access_of(by).require("bank", "reverse", company_id=line.company_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    standing = list(settlements_of([line_id]))
    if not standing or {one.customer_id for one in standing if one.customer_id} - people:
        raise WrongState()
    today = day_at(at=at, zone=line.company.zone)
    batch = Batch()
    rows = [
        taken_back(
            one, day=today, by=by, at=at,
            entry_id=post_back(batch=batch, line=line, standing=one, day=today, by=by, at=at),
        )
        for one in standing
    ]  # fmt: skip
    settle_line(batch=batch, line=line, rows=rows, after="open", verb="unbook", by=by, at=at, note=reason.strip())
    unlearn_payers(batch=batch, line=line, customer_ids=people)
    batch.write()
    for one in standing:
        if one.kind == "payment" and one.payment_id:
            reverse_payment(payment_id=one.payment_id, reason=reason, by=by, at=at)
    return line

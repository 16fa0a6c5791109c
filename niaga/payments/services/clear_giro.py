from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, WrongState
from niaga.core.flow import move
from niaga.ledger.rules.postings import giro_postings, in_document
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.payments.models import GiroClearing, Payment
from niaga.payments.queries.locked import lock_payment
from niaga.payments.rules.payment_flow import payment_flow


@transaction.atomic
def clear_giro(*, payment_id: UUID, cleared_on: date | None = None, by: Actor, at: datetime) -> Payment:
    """Record that the bank paid a giro. One that the bank returned is reversed instead.

    :raises NotFound: no such payment
    :raises Forbidden: the person may not record payments
    :raises WrongState: it is no giro, was cleared before, or reversed
    :raises Invalid: a day in the future, or before the giro came
    :raises PeriodClosed: the books of that month are closed
    """
    payment = lock_payment(payment_id)
    access_of(by).require("payment", "record", payment)
    if payment.method != "giro" or getattr(payment, "clearing", None) is not None:
        raise WrongState()
    today = day_at(at=at, zone=payment.branch.zone)
    day = cleared_on or today
    if not payment.date <= day <= today:
        raise Invalid(_("A giro is cleared between the day it came and today."), field="cleared_on")
    home = payment.company.currency
    postings = giro_postings(amount=payment.base_amount)
    if payment.currency != home:
        postings = in_document(postings, {"bank": payment.amount, "giro": -payment.amount})
    batch = Batch()
    move(batch=batch, flow=payment_flow, document=payment, move="clear", by=by.id, at=at)
    batch.insert(GiroClearing, [{"payment_id": payment.id, "date": day, "at": at, "by": by.id}])
    post_entry(
        batch=batch, company_id=payment.company_id, branch_id=payment.branch_id, date=day, source_kind="payment",
        source_id=payment.id, number=payment.number, currency=home,
        document_currency="" if payment.currency == home else payment.currency, postings=postings,
        customer_id=payment.customer_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return payment

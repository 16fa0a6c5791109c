from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import check_move, move
from niaga.core.money import base_share
from niaga.core.outbox import announce
from niaga.ledger.queries.journal import entry_of_source
from niaga.ledger.rules.postings import refund_postings, turned_round
from niaga.ledger.services.post_entry import post_entry
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.payments.events import RefundSettled
from niaga.payments.models import Refund
from niaga.payments.queries.locked import lock_payment
from niaga.payments.rules.gateways.shape import FAILED, PAID, RefundTold
from niaga.payments.rules.payment_flow import payment_flow
from niaga.payments.rules.refund_flow import refund_flow
from niaga.payments.services.tell_of_request import tell_of_request

_MOVES = {PAID: "finish", FAILED: "fail"}


@transaction.atomic
def settle_refund(*, refund_id: UUID, told: RefundTold, at: datetime) -> str:
    """Take a gateway's word on a refund: done, or failed and the money is the customer's advance again. Told twice or
    too late it changes nothing. Returns the refund's state; "" when there is none such.

    :raises PeriodClosed: it failed, and the books of today's month are closed
    """
    found = Refund.objects.filter(pk=refund_id, way="gateway").values_list("customer_id", "payment_id").first()
    if found is None:
        return ""
    account = lock_credit_account(found[0])
    payment = lock_payment(found[1])
    refund = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("request__account", "request__invoice")
        .get(pk=refund_id)
    )
    step = _MOVES.get(told.state)
    if step is None or refund.status not in refund_flow.moves[step].sources:
        return refund.status
    before, refund.status = refund.status, check_move(refund_flow, step, refund.status)
    refund.version, refund.updated_at, refund.error = refund.version + 1, at, told.words[:300]
    refund.provider_id = refund.provider_id or told.provider_id
    refund.next_ask_at = refund.next_attempt_at = None
    batch = Batch()
    if step == "fail":
        _take_back(batch, refund, payment, account.account_id, at)
    record(
        batch=batch, subject_kind="refund", subject_id=refund.id, verb=step, by=None, at=at,
        company_id=refund.company_id, from_status=before, to_status=refund.status, note=told.words,
    )  # fmt: skip
    event = RefundSettled(
        refund.id, refund.payment_id, refund.customer_id, refund.currency, refund.amount, refund.status
    )
    announce(batch=batch, event=event, company_id=refund.company_id, by=None, at=at)
    batch.write()
    refund.save()
    return refund.status


def _take_back(batch: Batch, refund: Refund, payment: Any, account_id: UUID, at: datetime) -> None:
    home = payment.company.currency
    allocated = payment.allocated - refund.amount
    based = base_share(allocated, whole=payment.amount, base_whole=payment.base_amount, home=home)
    freed: Decimal = payment.base_allocated - based
    move(
        batch=batch, flow=payment_flow, document=payment, move="refund_failed", by=None, at=at,
        values={"allocated": allocated, "base_allocated": based},
        data={"amount": str(refund.amount), "currency": refund.currency},
    )  # fmt: skip
    postings = turned_round(refund_postings(way=refund.way, amount=freed))
    post_entry(
        batch=batch, company_id=refund.company_id, branch_id=refund.branch_id,
        date=day_at(at=at, zone=payment.branch.zone), source_kind="refund", source_id=refund.id, number=refund.number,
        currency=home, postings=postings, customer_id=refund.customer_id, by=None, at=at,
        reverses=entry_of_source(refund.id),
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account_id, source_kind="refund", source_id=refund.id, invoices=Decimal(0),
        advances=freed, at=at,
    )  # fmt: skip
    if refund.request is not None:
        tell_of_request(batch=batch, request=refund.request, what="refund_failed", at=at)

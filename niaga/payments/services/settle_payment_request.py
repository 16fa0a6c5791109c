from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import check_move
from niaga.core.money import round_amount
from niaga.core.outbox import announce
from niaga.core.rules.formatting import format_money
from niaga.ledger.rules.postings import gateway_fee_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import SYSTEM
from niaga.payments.events import PaymentRequestMoved
from niaga.payments.models import GatewayAccount, Payment, PaymentRequest
from niaga.payments.rules.gateways.shape import Told
from niaga.payments.rules.payment_request_flow import move_told, payment_request_flow
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.tell_of_request import tell_of_request


@transaction.atomic
def settle_payment_request(*, request_id: UUID, told: Told, account_id: UUID, at: datetime) -> str:
    """Take what a gateway proved to say of a request. Returns the request's state; "" when there is none such.

    What was paid is recorded once, however often and in whatever order it is told: the request's row is the lock, and
    it holds one payment. It settles the invoice as far as it is open; the rest is the customer's advance, and people
    are told. Whatever the state does not allow changes nothing.

    :raises PeriodClosed: the books of today's month are closed; the call waits then
    """
    rows = PaymentRequest.objects.select_for_update(of=("self",)).select_related("account", "invoice", "branch")
    request = rows.filter(pk=request_id, account_id=account_id).first()
    if request is None:
        return ""
    move = move_told(told.state, request.status)
    if move is None:
        return request.status
    before = request.status
    request.status = check_move(payment_request_flow, move, before)
    request.version, request.updated_at, request.reason, request.error = request.version + 1, at, "", told.words
    request.provider_id = request.provider_id or told.provider_id
    request.next_attempt_at = None
    batch = Batch()
    if move == "pay":
        _pay(batch, request, told, at)
    record(
        batch=batch, subject_kind="payment_request", subject_id=request.id, verb=move, by=None, at=at,
        company_id=request.company_id, from_status=before, to_status=request.status, note=told.words,
    )  # fmt: skip
    event = PaymentRequestMoved(request.id, request.invoice_id, request.status)
    announce(batch=batch, event=event, company_id=request.company_id, by=None, at=at)
    batch.write()
    request.save()
    return request.status


def _pay(batch: Batch, request: PaymentRequest, told: Told, at: datetime) -> None:
    account = request.account
    amount = round_amount(told.amount if told.amount is not None else request.amount, request.currency)
    request.paid_amount, request.paid_at = amount, at
    request.fee, request.next_ask_at = fee_of(account, amount, told.fee), None
    payment = record_payment(
        customer_id=request.customer_id, branch_id=request.branch_id, invoices=[(request.invoice_id, None)],
        details=PaymentDetails(
            method="gateway", currency=request.currency, amount=amount,
            reference=(request.provider_id or str(request.id))[:80], note=account.name,
        ),
        by=SYSTEM, at=at,
        # paid as it was asked for: the gateway took it while it was valid, however late it says so
        discount_on=day_at(at=request.created_at, zone=request.branch.zone) if amount == request.amount else None,
    )  # fmt: skip
    request.payment = payment
    if request.fee:
        post_entry(
            batch=batch, company_id=request.company_id, branch_id=request.branch_id,
            date=day_at(at=at, zone=request.branch.zone), source_kind="payment", source_id=payment.id,
            number=payment.number, currency=request.currency, postings=gateway_fee_postings(fee=request.fee),
            customer_id=None, by=None, at=at,
        )  # fmt: skip
    _tell(batch, request, payment, at)


def _tell(batch: Batch, request: PaymentRequest, payment: Payment, at: datetime) -> None:
    left = payment.amount - payment.allocated
    what, amount = "paid", payment.amount
    if payment.amount != request.amount:
        what = "other"
    elif left:
        what, amount = "over", left
    told = format_money(amount, payment.currency, "id")
    tell_of_request(batch=batch, request=request, what=what, facts={"amount": told}, at=at)


def fee_of(account: GatewayAccount, amount: Decimal, told: Decimal | None) -> Decimal:
    """What the gateway keeps: as it says itself, else by the account's rule; never more than what was paid."""
    fee = told if told is not None else amount * account.fee_percent / 100 + account.fee_fixed
    return min(round_amount(max(fee, Decimal(0)), "IDR"), amount)

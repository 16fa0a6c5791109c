from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.queries.allocations import credit_left
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.payments.errors import NothingToPayOut, ReasonMissing, RefundTooMuch
from niaga.payments.models import CreditRefund, Refund
from niaga.payments.queries.credit_refunds import shared_out, sources_of_note
from niaga.payments.queries.refund_gate import refuse_without_yes
from niaga.payments.services.refund_payment import RefundDetails, refund_payment

PAY_OUT_WAYS = ("original", "transfer", "cash")


@dataclass(frozen=True, slots=True)
class PayOut:
    """How a credit goes back: each payment the way it came (`original`), or all by transfer or in cash."""

    reason: str
    way: str = "original"
    amount: Decimal | None = None
    reference: str = ""
    bank_account_id: UUID | None = None


@transaction.atomic
def pay_out_credit(
    *, credit_note_id: UUID, details: PayOut, approved: bool = False, by: Actor, at: datetime
) -> list[Refund]:
    """Give back in money what a credit note has left, out of the payments of the invoice it corrects, or where
    it corrects none, of the invoices that its customer paid last.

    The newest payment first, never more of one than it settles there: that settlement is undone, and the credit note
    settles that invoice in its place. So no more goes back than came in, and no more than was credited. Without an
    amount it is as much as both allow. What goes through a gateway is asked for by a job; refused there, the money is
    the customer's advance. Number of statements: some for each payment.

    :raises NotFound: no such credit note, or bank account
    :raises Forbidden: the person may not refund or allocate
    :raises Invalid: no such way, or no positive amount in the currency's smallest unit
    :raises ReasonMissing: no reason was given
    :raises NothingToPayOut: its credit is used up, or no payment settles its invoice
    :raises RefundTooMuch: more than is left of the note, or than payments settle of its invoice
    :raises RefundNeedsApproval: a rule asks for a yes to so much, all payments together
    :raises WrongCurrency: the bank account is in another currency
    :raises PeriodClosed: the books of today's month are closed
    """
    note = credit_left(credit_note_id)
    if note is None:
        raise NotFound()
    access_of(by).require("payment", "refund", note)
    lock_credit_account(note.customer_id)
    note = credit_left(credit_note_id)
    assert note is not None
    if details.way not in PAY_OUT_WAYS:
        raise Invalid(_("Choose how the money goes back."), field="way")
    if not details.reason.strip():
        raise ReasonMissing(field="reason")
    sources = sources_of_note(note)
    most = min(note.left, sum((one.amount for one in sources), Decimal(0)))
    if most <= 0:
        raise NothingToPayOut()
    amount = most if details.amount is None else details.amount
    if amount <= 0 or amount != round_amount(amount, note.currency):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if amount > most:
        raise RefundTooMuch(field="amount", available=most)
    if not approved:
        refuse_without_yes(note, amount=amount, at=at)
    refunds = []
    settles: dict[UUID, Decimal] = {}
    for source, part in shared_out(sources, amount):
        way = source.way if details.way == "original" else details.way
        refunds.append(
            refund_payment(
                payment_id=source.payment_id, approved=True, by=by, at=at,
                details=RefundDetails(
                    way, details.reason, part, details.reference,
                    details.bank_account_id if way == "transfer" else None, source.invoice_id,
                ),
            )
        )  # fmt: skip
        settles[source.invoice_id] = settles.get(source.invoice_id, Decimal(0)) + part
    for invoice_id, part in settles.items():
        allocate_credit(credit_note_id=note.id, invoice_id=invoice_id, amount=part, by=by, at=at)
    batch = Batch()
    batch.insert(CreditRefund, [{"id": new_id(), "refund_id": one.id} for one in refunds], credit_note_id=note.id)
    batch.write()
    return refunds

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, WrongState
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.invoicing.queries.allocations import Allocated, allocated_by_invoice
from niaga.invoicing.queries.early_discounts import discounts_standing_on
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices
from niaga.invoicing.services.take_back_discounts import take_back_discounts
from niaga.ledger.queries.journal import entry_of_source
from niaga.ledger.rules.postings import MONEY_ROLES, in_document, reversal_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.payments.errors import BookedFromStatement, NoGiro, ReasonMissing
from niaga.payments.events import PaymentReversed
from niaga.payments.models import Payment, PaymentReversal
from niaga.payments.queries.bank_lines import stands_on_line
from niaga.payments.queries.day_of_return import day_of_return
from niaga.payments.queries.locked import customer_of_payment, lock_payment
from niaga.payments.rules.payment_flow import payment_flow
from niaga.payments.services.close_asked_refunds import close_asked_refunds


@transaction.atomic
def reverse_payment(
    *, payment_id: UUID, reason: str, bounced: bool = False, returned_on: date | None = None, by: Actor, at: datetime
) -> Payment:
    """Take a payment back: a mistake, or (`bounced`) a giro that the bank returned, before it was cleared or after.
    What it settled is owed again, with the early-payment discount that was given for it; a returned giro is counted
    with the customer. A refund of it that waits for a yes waits no more.

    It is posted today; a returned giro on `returned_on`, the bank's day, or the first open day after it.

    :raises NotFound: no such payment
    :raises Forbidden: the person may not reverse it
    :raises ReasonMissing: no reason was given
    :raises WrongState: it was reversed before, or a part of it was refunded
    :raises NoGiro: only a giro bounces
    :raises Invalid: a day before the giro came or was cleared, or in the future; or of what is no returned giro
    :raises BookedFromStatement: a bank line was booked to it: that is undone there
    :raises PeriodClosed: the books of today's month are closed
    """
    customer_id = customer_of_payment(payment_id)
    account = lock_credit_account(customer_id)
    payment = lock_payment(payment_id)
    access_of(by).require("payment", "reverse", payment)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if (bounced or returned_on) and payment.method != "giro":
        raise NoGiro(field="bounced")
    if returned_on and not bounced:
        raise Invalid(field="returned_on")
    if not bounced and stands_on_line(payment_id, "payment", "tie"):
        raise BookedFromStatement()
    batch = Batch()
    allocated, home, used = payment.base_allocated, payment.company.currency, payment.allocated
    cleared = getattr(payment, "clearing", None) is not None
    told = {
        "bank" if cleared else MONEY_ROLES[payment.method]: -payment.amount, "receivable": payment.allocated,
        "advances": payment.amount - payment.allocated,
    }  # fmt: skip
    move(
        batch=batch, flow=payment_flow, document=payment, move="reverse", by=by.id, at=at,
        values={"allocated": 0, "base_allocated": 0},
        note=reason.strip(),
    )  # fmt: skip
    settled = allocated_by_invoice(payment.id)
    if used != sum((one.taken for one in settled.values()), Decimal(0)):
        raise WrongState(_("A part of this payment was refunded. Refund the rest instead."))
    today = day_of_return(payment, returned_on if bounced else None, day_at(at=at, zone=payment.branch.zone))
    invoices = lock_open_invoices(invoice_ids=list(settled)) if settled else []
    owed = sum((-invoice.settles(-settled[invoice.invoice_id].amount) for invoice in invoices), Decimal(0))
    allocate(
        batch=batch, invoices=[_taken_back(invoice, settled[invoice.invoice_id]) for invoice in invoices],
        source_kind="payment", source_id=payment.id, today=today, by=by.id, at=at,
    )  # fmt: skip
    postings = reversal_postings(
        method=payment.method, amount=payment.base_amount, allocated=allocated, settled=owed, cleared=cleared
    )
    batch.insert(
        PaymentReversal,
        [
            {
                "payment_id": payment.id,
                "reason": reason.strip(),
                "bounced": bounced,
                "date": today,
                "bank_date": returned_on,
                "at": at,
                "by": by.id,
            }
        ],
    )
    post_entry(
        batch=batch, company_id=payment.company_id, branch_id=payment.branch_id, date=today, source_kind="payment",
        source_id=payment.id, number=payment.number, currency=home, customer_id=customer_id, by=by.id,
        at=at, reverses=entry_of_source(payment.id),
        document_currency="" if payment.currency == home else payment.currency,
        postings=postings if payment.currency == home else in_document(postings, told),
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="payment", source_id=payment.id, invoices=owed,
        advances=allocated - payment.base_amount, at=at,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=payment.company_id, subject_kind="payment",
        kind="payment.bounced" if bounced else "payment.reversed", subject_id=payment.id, number=payment.number,
        amount=payment.amount, currency=payment.currency, text=reason.strip(), actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=PaymentReversed(payment.id, customer_id, payment.amount), company_id=payment.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    close_asked_refunds(batch=batch, payment=payment, reason=reason.strip(), by=by, at=at)
    batch.write()
    take_back_discounts(
        found=discounts_standing_on([one.invoice_id for one in invoices if one.offers_discount]),
        account_id=account.account_id,
        reason=reason.strip()[:1000],
        today=today,
        by=by,
        at=at,
    )
    payment.allocated = payment.base_allocated = Decimal(0)
    return payment


def _taken_back(invoice: OpenInvoice, before: Allocated) -> Share:
    return Share(invoice, -before.amount, before.source_currency, -before.taken if before.source_currency else None)

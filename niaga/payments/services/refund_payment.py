from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.core.money import base_share, round_amount
from niaga.core.outbox import announce
from niaga.invoicing.queries.allocations import Allocated, allocated_by_invoice
from niaga.invoicing.services.allocate import Share, allocate, lock_open_invoices
from niaga.ledger.rules.postings import MONEY_ROLES, allocation_postings, in_document, refund_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import account_currency
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.payments.errors import NotRefundableThere, ReasonMissing, RefundTooMuch, WrongCurrency
from niaga.payments.events import RefundAsked, RefundSettled
from niaga.payments.models import Payment, PaymentRequest, Refund
from niaga.payments.queries.locked import customer_of_payment, lock_payment
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.payment_flow import payment_flow

WAYS = ("gateway", "transfer", "cash")


@dataclass(frozen=True, slots=True)
class RefundDetails:
    """How money goes back: through the gateway it came by, or by hand, with the bank's reference. With an invoice it
    is taken out of what the payment settles of that invoice, and of nothing else."""

    way: str
    reason: str
    amount: Decimal | None = None
    reference: str = ""
    bank_account_id: UUID | None = None
    invoice_id: UUID | None = None


@transaction.atomic
def refund_payment(*, payment_id: UUID, details: RefundDetails, by: Actor, at: datetime) -> Refund:
    """Give a payment back, wholly or in part; without an amount all that was not given back before.

    What settles no invoice goes first; for the rest settlements are undone, of the latest due first, so these are owed
    again. It is booked now. Through a gateway a job asks for it; when the gateway refuses, the money is the customer's
    advance again. `payment.allocated` counts refunds, and never exceeds the amount: the database refuses.

    :raises NotFound: no such payment, or bank account
    :raises Forbidden: the person may not refund
    :raises WrongState: it was reversed, or is a giro that was not cleared
    :raises ReasonMissing: no reason was given
    :raises Invalid: no such way, or no positive amount in the currency's smallest unit
    :raises RefundTooMuch: more than is left of it; or what is left settles an invoice in another currency
    :raises NotRefundableThere: it did not come through a gateway, or that one cannot give it back
    :raises WrongCurrency: the bank account is in another currency
    :raises PeriodClosed: the books of today's month are closed
    """
    customer_id = customer_of_payment(payment_id)
    account = lock_credit_account(customer_id)
    payment = lock_payment(payment_id)
    access_of(by).require("payment", "refund", payment)
    request = _check(payment, details)
    settled = allocated_by_invoice(payment.id)
    advance, most = _available(payment, settled, details.invoice_id)
    amount = most if details.amount is None else details.amount
    if amount <= 0 or amount != round_amount(amount, payment.currency):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if amount > most:
        raise RefundTooMuch(field="amount", available=most)

    home, today = payment.company.currency, day_at(at=at, zone=payment.branch.zone)
    shares = _undone(payment, settled, amount - advance)
    undone = -sum((share.amount for share in shares), Decimal(0))
    owed = sum((-share.invoice.settles(share.amount) for share in shares), Decimal(0))
    whole: dict[str, Any] = {"whole": payment.amount, "base_whole": payment.base_amount, "home": home}
    less = base_share(payment.allocated - undone, **whole)
    based = base_share(payment.allocated - undone + amount, **whole)
    freed, base_amount = payment.base_allocated - less, based - less
    refund = Refund(
        id=new_id(), company_id=payment.company_id, branch_id=payment.branch_id, customer_id=customer_id,
        salesperson_id=payment.salesperson_id, payment_id=payment.id, request=request, way=details.way,
        bank_account_id=details.bank_account_id, reference=details.reference.strip()[:80], currency=payment.currency,
        amount=amount, base_amount=base_amount, reason=details.reason.strip(), date=today,
        status="queued" if request is not None else "done", created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    out = refund_postings(way=details.way, amount=base_amount)
    back = allocation_postings(amount=-freed, settled=-owed, undo=True)
    if payment.currency != home:
        out = in_document(out, {MONEY_ROLES[details.way]: -amount, "advances": amount})
        back = in_document(back, {"receivable": undone, "advances": -undone})
    batch = Batch()
    number = batch.draw(
        company_id=payment.company_id, kind="refund", period=str(today.year), prefix=f"RF-{today.year}-"
    )
    row = {one.attname: getattr(refund, one.attname) for one in Refund._meta.concrete_fields}
    move(
        batch=batch, flow=payment_flow, document=payment, move="refund", by=by.id, at=at, note=refund.reason,
        values={"allocated": payment.allocated - undone + amount, "base_allocated": based},
        data={"amount": str(amount), "currency": payment.currency},
    )  # fmt: skip
    allocate(
        batch=batch, invoices=shares, source_kind="payment", source_id=payment.id, today=today, by=by.id, at=at,
    )  # fmt: skip
    batch.insert(Refund, [{**row, "number": number}])
    post_entry(
        batch=batch, company_id=payment.company_id, branch_id=payment.branch_id, date=today, source_kind="refund",
        source_id=refund.id, number=number, currency=home, postings=(*out, *back), customer_id=customer_id, by=by.id,
        at=at, document_currency="" if payment.currency == home else payment.currency,
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="refund", source_id=refund.id, invoices=owed,
        advances=freed - base_amount, at=at,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=payment.company_id, kind="refund.made", subject_kind="refund",
        subject_id=refund.id, number=number, amount=amount, currency=payment.currency, text=refund.reason,
        actor_id=by.id, at=at,
    )  # fmt: skip
    announce(batch=batch, event=_event(refund), company_id=payment.company_id, by=by.id, at=at)
    refund.number = batch.write()[number]
    return refund


def _check(payment: Payment, details: RefundDetails) -> PaymentRequest | None:
    """Through which request it goes back; None: by hand."""
    if payment.status != "recorded" or (payment.method == "giro" and getattr(payment, "clearing", None) is None):
        raise WrongState()
    if not details.reason.strip():
        raise ReasonMissing(field="reason")
    if details.way not in WAYS:
        raise Invalid(_("Choose how the money goes back."), field="way")
    if details.bank_account_id is not None:
        paid_from = account_currency(company_id=payment.company_id, account_id=details.bank_account_id)
        if paid_from is None:
            raise NotFound(field="bank_account_id")
        if paid_from != payment.currency:
            raise WrongCurrency(field="bank_account_id")
    if details.way != "gateway":
        return None
    request = PaymentRequest.objects.select_related("account").filter(payment_id=payment.id).first()
    if request is None or request.method not in GATEWAYS[request.account.kind].refundable:
        raise NotRefundableThere(field="way")
    return request


def _available(payment: Payment, settled: dict[UUID, Allocated], invoice_id: UUID | None) -> tuple[Decimal, Decimal]:
    """What goes back before a settlement is undone, and how much may go back at most. With an invoice, all of it is
    undone there: `settled` keeps that one only."""
    if invoice_id is None:
        advance: Decimal = payment.amount - payment.allocated
        return advance, advance + sum((one.taken for one in settled.values()), Decimal(0))
    for other in settled.keys() - {invoice_id}:
        del settled[other]
    return Decimal(0), settled[invoice_id].taken if invoice_id in settled else Decimal(0)


def _undone(payment: Payment, settled: dict[UUID, Allocated], wanted: Decimal) -> list[Share]:
    """The settlements that are undone for the amount, of the latest due first."""
    shares: list[Share] = []
    if wanted <= 0:
        return shares
    for invoice in reversed(lock_open_invoices(invoice_ids=list(settled))):
        if wanted and not settled[invoice.invoice_id].source_currency:
            part = min(wanted, settled[invoice.invoice_id].amount)
            shares.append(Share(invoice, -part))
            wanted -= part
    if wanted:
        raise RefundTooMuch(
            _("A part of it settles an invoice in another currency. Release that first."), field="amount"
        )
    return shares


def _event(refund: Refund) -> RefundAsked | RefundSettled:
    if refund.status == "queued":
        return RefundAsked(refund.id, refund.payment_id, refund.customer_id)
    return RefundSettled(refund.id, refund.payment_id, refund.customer_id, refund.currency, refund.amount, "done")

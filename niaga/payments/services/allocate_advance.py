from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.flow import move
from niaga.core.money import base_share, round_amount
from niaga.invoicing.queries.allocations import allocated_by_invoice
from niaga.invoicing.services.allocate import allocate, lock_open_invoices
from niaga.ledger.rules.postings import allocation_postings, in_document
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.payments.errors import AllocatedTooMuch, NotThisCustomers, WrongCurrency
from niaga.payments.models import Payment
from niaga.payments.queries.locked import customer_of_payment, lock_payment
from niaga.payments.rules.payment_flow import payment_flow


@transaction.atomic
def allocate_advance(
    *, payment_id: UUID, invoice_id: UUID, amount: Decimal | None = None, by: Actor, at: datetime
) -> Payment:
    """Settle an invoice with what is left of a payment; a negative amount takes a settlement back.

    Without an amount as much as both allow.

    :raises NotFound: no such payment or invoice
    :raises Forbidden: the person may not allocate
    :raises WrongState: the payment was reversed
    :raises NotThisCustomers: the invoice belongs to somebody else
    :raises WrongCurrency: the invoice is in another currency
    :raises AllocatedTooMuch: less is left of the payment, or open on the invoice, or was settled before
    :raises PeriodClosed: the books of today's month are closed
    """
    customer_id = customer_of_payment(payment_id)
    account = lock_credit_account(customer_id)
    payment = lock_payment(payment_id)
    access_of(by).require("payment", "allocate", payment)
    found = lock_open_invoices(invoice_ids=[invoice_id])
    if not found:
        raise NotFound(field="invoice_id")
    [invoice] = found
    if invoice.customer_id != customer_id:
        raise NotThisCustomers(field="invoice_id")
    if invoice.currency != payment.currency:
        raise WrongCurrency(field="invoice_id")
    left = payment.amount - payment.allocated
    moved = min(left, invoice.open) if amount is None else amount
    if not moved or moved != round_amount(moved, payment.currency):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    settled = allocated_by_invoice(payment.id).get(invoice_id, Decimal(0)) if moved < 0 else Decimal(0)
    if moved > left or moved > invoice.open or -moved > settled:
        raise AllocatedTooMuch(field="amount", available=min(left, invoice.open))

    based = base_share(
        payment.allocated + moved, whole=payment.amount, base_whole=payment.base_amount, home=invoice.home
    )
    freed, settled = based - payment.base_allocated, invoice.settles(moved)
    postings = allocation_postings(amount=freed, settled=settled, undo=moved < 0)
    if payment.currency != invoice.home:
        postings = in_document(postings, {"advances": moved, "receivable": -moved})
    batch = Batch()
    today = day_at(at=at, zone=payment.branch.zone)
    move(
        batch=batch, flow=payment_flow, document=payment, move="allocate", by=by.id, at=at,
        values={"allocated": payment.allocated + moved, "base_allocated": based},
        data={"invoice": invoice.number, "amount": str(moved)},
    )  # fmt: skip
    allocate(
        batch=batch, invoices=[(invoice, moved)], source_kind="payment", source_id=payment.id, today=today, by=by.id,
        at=at,
    )  # fmt: skip
    post_entry(
        batch=batch, company_id=payment.company_id, branch_id=payment.branch_id, date=today, source_kind="payment",
        source_id=payment.id, number=payment.number, currency=invoice.home,
        document_currency="" if payment.currency == invoice.home else payment.currency,
        postings=postings, customer_id=customer_id, by=by.id, at=at,
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="payment", source_id=payment.id, invoices=-settled,
        advances=-freed, at=at,
    )  # fmt: skip
    batch.write()
    payment.allocated += moved
    payment.base_allocated = based
    return payment

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.flow import move
from niaga.core.money import base_share, round_amount
from niaga.invoicing.queries.allocations import allocated_by_invoice
from niaga.invoicing.queries.early_discounts import Offer, discounts_standing_on, standing_offers
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices
from niaga.invoicing.services.give_discounts import Occasion, give_discounts
from niaga.invoicing.services.take_back_discounts import take_back_discounts
from niaga.ledger.rules.postings import allocation_postings, in_document
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.exchange_rates import exchanges
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.payments.errors import AllocatedTooMuch, NotThisCustomers
from niaga.payments.models import Payment
from niaga.payments.queries.locked import customer_of_payment, lock_payment
from niaga.payments.rules.payment_flow import payment_flow
from niaga.payments.rules.settle import Turn, fit, taken_for
from niaga.payments.services.rests_let_go import rests_let_go
from niaga.payments.services.turned import turn_of, turned


@transaction.atomic
def allocate_advance(
    *,
    payment_id: UUID,
    invoice_id: UUID,
    amount: Decimal | None = None,
    rates: Mapping[str, Decimal] | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Settle an invoice with what is left of a payment; a negative amount takes a settlement back.

    The amount is in the invoice's currency; without one it is as much as both allow. An invoice in another currency is
    settled by today's rates, or by `rates`: what one of a currency is worth in the company's own. Taking back gives
    back what was taken, and claims the early-payment discount again that was given for it. A discount holds that held
    when the money came.

    :raises NotFound: no such payment or invoice
    :raises Forbidden: the person may not allocate
    :raises WrongState: the payment was reversed
    :raises NotThisCustomers: the invoice belongs to somebody else
    :raises RateMissing: of one of the two currencies no rate of today is written, and none was said
    :raises RateUnlikely: a rate that was said cannot be
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
    today = day_at(at=at, zone=payment.branch.zone)
    taking = amount is None or amount > 0
    offers = standing_offers(invoice_ids=[invoice_id] if invoice.offers_discount and taking else [], on=payment.date)
    if amount is not None and (not amount or amount != round_amount(amount, invoice.currency)):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if amount is not None and amount < 0:
        share = _taken_back(payment, invoice, -amount)
    else:
        share = _settling(payment, invoice, amount, today, rates or {}, offers.get(invoice_id))
    moved, taken = share.amount, share.taken

    based = base_share(
        payment.allocated + taken, whole=payment.amount, base_whole=payment.base_amount, home=invoice.home
    )
    freed, settled = based - payment.base_allocated, invoice.settles(moved)
    postings = allocation_postings(amount=freed, settled=settled, undo=moved < 0)
    if payment.currency != invoice.home:
        postings = in_document(postings, {"advances": taken, "receivable": -taken})
    batch = Batch()
    move(
        batch=batch, flow=payment_flow, document=payment, move="allocate", by=by.id, at=at,
        values={"allocated": payment.allocated + taken, "base_allocated": based},
        data={"invoice": invoice.number, "amount": str(moved), "currency": invoice.currency},
    )  # fmt: skip
    allocate(
        batch=batch, invoices=[share], source_kind="payment", source_id=payment.id, today=today, by=by.id, at=at,
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
    if taking:
        occasion = Occasion(
            payment.company_id, payment.branch_id, account.account_id, today, payment.number, payment.id
        )  # fmt: skip
        give_discounts(rests=rests_let_go([share], offers), occasion=occasion, by=by, at=at)
    else:
        reason = gettext("What %(number)s had settled was taken back.") % {"number": payment.number}
        take_back_discounts(
            found=discounts_standing_on([invoice_id] if invoice.offers_discount else []),
            account_id=account.account_id, reason=reason, today=today, by=by, at=at
        )  # fmt: skip
    payment.allocated += taken
    payment.base_allocated = based
    return payment


def _settling(
    payment: Payment,
    invoice: OpenInvoice,
    amount: Decimal | None,
    today: date,
    typed: Mapping[str, Decimal],
    offer: Offer | None,
) -> Share:
    turn = Turn(payment.currency, invoice.currency)
    if payment.currency != invoice.currency:
        company = payment.company
        found = exchanges(
            company_id=company.id, home=company.currency, rate_days=company.rate_days, on=today, typed=typed,
            currencies=(payment.currency, invoice.currency),
        )  # fmt: skip
        turn = turn_of(found[payment.currency], found[invoice.currency])
    left = payment.amount - payment.allocated
    most, all_taken = fit(left, offer.pay if offer else invoice.open, turn)
    taken = all_taken if amount is None else taken_for(amount, left, turn)
    moved = most if amount is None else amount
    if amount is None and not moved:
        raise Invalid(_("There is nothing to settle it with."), field="amount")
    if not taken or moved > invoice.open:
        raise AllocatedTooMuch(field="amount", available=most)
    return turned(invoice, moved, taken, turn)


def _taken_back(payment: Payment, invoice: OpenInvoice, amount: Decimal) -> Share:
    """Of what was taken of the payment the share of what is released; of the whole, the whole."""
    before = allocated_by_invoice(payment.id).get(invoice.invoice_id)
    if before is None or amount > before.amount:
        raise AllocatedTooMuch(field="amount", available=before.amount if before else Decimal(0))
    kept = base_share(before.amount - amount, whole=before.amount, base_whole=before.taken, home=payment.currency)
    if not before.source_currency:
        return Share(invoice, -amount)
    return Share(invoice, -amount, before.source_currency, kept - before.taken)

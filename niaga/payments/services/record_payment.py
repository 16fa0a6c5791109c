from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import base_share, round_amount
from niaga.core.outbox import announce
from niaga.invoicing.queries.early_discounts import Offer, standing_offers
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices, lock_open_invoices_of
from niaga.invoicing.services.give_discounts import Occasion, give_discounts
from niaga.ledger.rules.postings import MONEY_ROLES, in_document, payment_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.organization.errors import CurrencyNotSold
from niaga.organization.queries.companies import account_currency
from niaga.organization.queries.document_context import DocumentContext, document_context
from niaga.organization.queries.exchange_rates import Exchange, exchanges
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import customer_facts
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.payments.errors import AllocatedTooMuch, NotThisCustomers, WrongCurrency
from niaga.payments.events import PaymentRecorded
from niaga.payments.models import Payment
from niaga.payments.rules.settle import fit, taken_for
from niaga.payments.services.rests_let_go import rests_let_go
from niaga.payments.services.turned import turn_of, turned


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """What a person says of a payment.

    `rates` are what one of a currency is worth in the company's own by the bank, where the day's rate is not meant: of
    the payment's currency, or of an invoice's.
    """

    method: str
    currency: str
    amount: Decimal
    reference: str = ""
    bank_account_id: UUID | None = None
    giro_due_date: date | None = None
    giro_bank: str = ""
    note: str = ""
    paid_on: date | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@transaction.atomic
def record_payment(
    *,
    customer_id: UUID,
    branch_id: UUID,
    details: PaymentDetails,
    invoices: Sequence[tuple[UUID, Decimal | None]] | None,
    by: Actor,
    at: datetime,
    discount_on: date | None = None,
) -> Payment:
    """Record money that came in, settle invoices with it, and keep the rest as the customer's advance.

    `invoices` names what is settled, each with an amount in its own currency or None for as much as is open, in order;
    one in another currency by the rates of the payment's day. None settles the customer's open invoices in the
    payment's currency, the earliest due first; an empty list settles nothing: the whole is an advance.

    An early-payment discount that holds on the payment's day lets go of what it leaves open: an invoice takes as much
    as it needs then, and what is paid above becomes an advance. `discount_on` is another day to go by: the one on
    which the customer was told what to pay.

    :raises NotFound: no such customer, branch, invoice or bank account of the company
    :raises Forbidden: the person may not record payments there
    :raises Invalid: no positive amount, finer than the currency's unit, or dated in the future
    :raises CurrencyNotSold: the company does not sell in the payment's currency
    :raises WrongCurrency: the bank account is in another currency
    :raises RateMissing: it or an invoice is in another currency than the company's, of which no rate of the day is
        written, and none was said
    :raises RateUnlikely: a rate that was said cannot be
    :raises NotThisCustomers: an invoice belongs to somebody else
    :raises AllocatedTooMuch: the named amounts exceed the payment or what is open
    :raises PeriodClosed: the books of the payment's month are closed
    """
    customer = customer_facts(customer_id=customer_id)
    if customer is None:
        raise NotFound(field="customer_id")
    context = document_context(branch_id=branch_id, at=at)
    if customer.company_id != context.company_id:
        raise NotFound(field="customer_id")
    access_of(by).require(
        "payment",
        "record",
        Payment(company_id=context.company_id, branch_id=branch_id, salesperson_id=customer.salesperson_id),
    )
    amount, day = details.amount, details.paid_on or context.today
    if amount <= 0 or amount != round_amount(amount, details.currency):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if day > context.today:
        raise Invalid(_("A payment cannot be dated in the future."), field="date")
    if details.method == "giro" and not details.reference:
        raise Invalid(_("A giro needs its number."), field="reference")
    if details.currency not in (context.currency, *context.other_currencies):
        raise CurrencyNotSold(field="currency")
    if details.bank_account_id is not None:
        received_in = account_currency(company_id=context.company_id, account_id=details.bank_account_id)
        if received_in is None:
            raise NotFound(field="bank_account_id")
        if received_in != details.currency:
            raise WrongCurrency(field="bank_account_id")

    account = lock_credit_account(customer_id)
    found = _locked(customer_id, details.currency, invoices)
    rates = exchanges(
        company_id=context.company_id, home=context.currency, rate_days=context.rate_days, on=day,
        currencies={details.currency, *(invoice.currency for invoice in found)}, typed=details.rates,
    )  # fmt: skip
    exchange = rates[details.currency]
    offered = [invoice.invoice_id for invoice in found if invoice.offers_discount]
    offers = standing_offers(invoice_ids=offered, on=discount_on or day)
    moved = _shares(amount, exchange, found, dict(invoices or ()), rates, offers)
    allocated = sum((share.taken for share in moved), Decimal(0))
    base_amount = exchange.in_base(amount)
    base_allocated = base_share(allocated, whole=amount, base_whole=base_amount, home=exchange.home)
    settled = sum((share.invoice.settles(share.amount) for share in moved), Decimal(0))

    postings = payment_postings(method=details.method, amount=base_amount, allocated=base_allocated, settled=settled)
    if not exchange.is_home:
        told = {MONEY_ROLES[details.method]: amount, "receivable": -allocated, "advances": allocated - amount}
        postings = in_document(postings, told)
    batch = Batch()
    payment = Payment(
        id=new_id(), company_id=context.company_id, branch_id=branch_id, customer_id=customer_id,
        salesperson_id=customer.salesperson_id, method=details.method, currency=details.currency, amount=amount,
        allocated=allocated, exchange_rate=exchange.rate, base_amount=base_amount, base_allocated=base_allocated,
        date=day, reference=details.reference, bank_account_id=details.bank_account_id,
        giro_due_date=details.giro_due_date, giro_bank=details.giro_bank, note=details.note,
        stamp_duty=_stamp_duty(context, day, base_amount), created_by=by.id,
        created_at=at, updated_at=at,
    )  # fmt: skip
    number = batch.draw(company_id=context.company_id, kind="payment", period=str(day.year), prefix=f"PAY-{day.year}-")
    row = {column.attname: getattr(payment, column.attname) for column in Payment._meta.concrete_fields}
    batch.insert(Payment, [{**row, "number": number}])
    allocate(
        batch=batch, invoices=moved, source_kind="payment", source_id=payment.id, today=day, by=by.id, at=at,
    )  # fmt: skip
    post_entry(
        batch=batch, company_id=context.company_id, branch_id=branch_id, date=day, source_kind="payment",
        source_id=payment.id, number=number, currency=exchange.home,
        document_currency="" if exchange.is_home else details.currency,
        postings=postings, customer_id=customer_id, by=by.id, at=at,
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="payment", source_id=payment.id, invoices=-settled,
        advances=base_amount - base_allocated, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="payment", subject_id=payment.id, verb="record", by=by.id, at=at,
        company_id=context.company_id, to_status="recorded",
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=context.company_id, kind="payment.recorded",
        subject_kind="payment", subject_id=payment.id, number=number, amount=amount, currency=details.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch,
        event=PaymentRecorded(payment.id, customer_id, details.currency, amount, amount - allocated),
        company_id=context.company_id, by=by.id, at=at,
    )  # fmt: skip
    payment.number = batch.write()[number]
    occasion = Occasion(context.company_id, branch_id, account.account_id, day, payment.number, payment.id)
    give_discounts(rests=rests_let_go(moved, offers), occasion=occasion, by=by, at=at)
    return payment


def _stamp_duty(context: DocumentContext, day: date, base_amount: Decimal) -> Decimal:
    """Of its receipt, by the rule of the payment's day."""
    rule = context if day == context.today else fiscal_setting(context.company_id, day)
    return rule.duty_on(base_amount)


def _locked(customer_id: UUID, currency: str, named: Sequence[tuple[UUID, Decimal | None]] | None) -> list[OpenInvoice]:
    """The invoices to settle, in order."""
    if named is None:
        return [one for one in lock_open_invoices_of(customer_id=customer_id) if one.currency == currency]
    if not named:
        return []
    wanted = [invoice_id for invoice_id, _amount in named]
    if len(set(wanted)) != len(wanted):
        raise Invalid(_("An invoice is named twice."), field="invoices")
    by_id = {invoice.invoice_id: invoice for invoice in lock_open_invoices(invoice_ids=wanted)}
    if len(by_id) != len(wanted):
        raise NotFound(field="invoices")
    if any(invoice.customer_id != customer_id for invoice in by_id.values()):
        raise NotThisCustomers(field="invoices")
    return [by_id[invoice_id] for invoice_id in wanted]


def _shares(
    left: Decimal,
    of: Exchange,
    invoices: Sequence[OpenInvoice],
    asked: Mapping[UUID, Decimal | None],
    rates: Mapping[str, Exchange],
    offers: Mapping[UUID, Offer],
) -> list[Share]:
    shares = []
    for invoice in invoices:
        turn = turn_of(of, rates[invoice.currency])
        amount = asked.get(invoice.invoice_id)
        if amount is None:
            offer = offers.get(invoice.invoice_id)
            amount, taken = fit(left, offer.pay if offer else invoice.open, turn)
        else:
            if amount != round_amount(amount, invoice.currency):
                raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="invoices")
            enough = taken_for(amount, left, turn) if 0 < amount <= invoice.open else None
            if enough is None:
                raise AllocatedTooMuch(field="invoices", open=invoice.open)
            taken = enough
        left -= taken
        if amount:
            shares.append(turned(invoice, amount, taken, turn))
    return shares

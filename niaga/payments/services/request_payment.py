from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import day_ends
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.invoicing.queries.early_discounts import standing_offers
from niaga.invoicing.queries.invoices import get_invoice
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import (
    GatewayMissing,
    MethodNotOffered,
    NothingToPay,
    OnlyRupiah,
    TooManyRequests,
)
from niaga.payments.events import PaymentRequested
from niaga.payments.models import GatewayAccount, PaymentRequest
from niaga.payments.queries.gateway_accounts import accounts_offering

LIVE = ("queued", "sending", "pending", "uncertain")
SPARE = timedelta(minutes=10)
"""A way to pay that ends so soon is not handed out again."""
MOST_A_DAY = 30
"""Requests of one invoice: a link that went astray must not flood the gateway."""


@transaction.atomic
def request_payment(
    *,
    invoice_id: UUID,
    method: str,
    bank: str = "",
    account_id: UUID | None = None,
    by_customer: bool = False,
    by: Actor,
    at: datetime,
) -> PaymentRequest:
    """Make a link, a virtual account or a QRIS code for what pays an invoice today: what is open on it, less the
    early-payment discount while that holds; it ends with the discount then. A job asks the gateway for it.

    One of the same way and amount that can still be paid is given again. One of another amount stays payable at the
    gateway, and what is paid there too much becomes an advance; the pages show the new one.

    :raises NotFound: no such invoice
    :raises Forbidden: the person may not send it
    :raises WrongState: it is not issued, or is a credit note
    :raises OnlyRupiah: it is in another currency, or has fractions of a rupiah
    :raises NothingToPay: nothing is open on it
    :raises GatewayMissing: no gateway is set up
    :raises MethodNotOffered: no gateway offers this way or bank
    :raises TooManyRequests: thirty in a day
    """
    invoice = get_invoice(invoice_id=invoice_id, by=by, today=at.date())
    access_of(by).require("invoice", "send", invoice)
    if invoice.status != "issued" or invoice.kind == "credit_note":
        raise WrongState()
    account = _account(invoice, method, bank, account_id)
    locked = lock_open_invoices(invoice_ids=[invoice.id])
    if not locked:
        raise NotFound()
    offers = standing_offers(
        invoice_ids=[one.invoice_id for one in locked if one.offers_discount],
        on=day_at(at=at, zone=invoice.branch.zone),
    )  # fmt: skip
    offer = offers.get(invoice.id)
    amount = offer.pay if offer else locked[0].open
    expires_at = at + timedelta(hours=account.expires_hours)
    if offer is not None:  # after its last day another amount is owed
        expires_at = min(expires_at, day_ends(offer.until, invoice.branch.zone))
    if invoice.currency != "IDR" or amount != amount.to_integral_value():
        raise OnlyRupiah()
    if amount <= 0:
        raise NothingToPay()
    made = list(PaymentRequest.objects.filter(invoice_id=invoice.id).order_by("-created_at", "-id")[:MOST_A_DAY])
    again = _usable(made, account, method, bank, amount, at)
    if again is not None:
        return again
    if len(made) == MOST_A_DAY and made[-1].created_at > at - timedelta(days=1):
        raise TooManyRequests()
    request = PaymentRequest(
        id=new_id(), company_id=invoice.company_id, branch_id=invoice.branch_id, account_id=account.id,
        invoice_id=invoice.id, customer_id=invoice.customer_id, salesperson_id=invoice.salesperson_id, method=method,
        bank=bank, currency=invoice.currency, amount=amount,
        expires_at=expires_at, by_customer=by_customer, created_by=by.id,
        created_at=at, updated_at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        PaymentRequest, [{one.attname: getattr(request, one.attname) for one in PaymentRequest._meta.concrete_fields}]
    )
    record(
        batch=batch, subject_kind="payment_request", subject_id=request.id, verb="ask", by=by.id, at=at,
        company_id=request.company_id, to_status="queued",
    )  # fmt: skip
    event = PaymentRequested(request.id, invoice.id)
    announce(batch=batch, event=event, company_id=request.company_id, by=by.id, at=at)
    batch.write()
    return request


def _account(invoice: Any, method: str, bank: str, account_id: UUID | None) -> GatewayAccount:
    accounts = accounts_offering(company_id=invoice.company_id)
    if not accounts:
        raise GatewayMissing()
    for account in accounts:
        offered = method in account.methods and (bank in account.banks if method == "va" else not bank)
        if offered and account_id in (None, account.id):
            return account
    raise MethodNotOffered(field="method")


def _usable(
    made: Sequence[PaymentRequest], account: GatewayAccount, method: str, bank: str, amount: Decimal, at: datetime
) -> PaymentRequest | None:
    for one in made:
        same = (one.account_id, one.method, one.bank, one.amount) == (account.id, method, bank, amount)
        if same and one.status in LIVE and one.expires_at > at + SPARE:
            return one
    return None

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.ledger.rules.postings import payout_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import account_currency
from niaga.payments.errors import WrongCurrency
from niaga.payments.models import GatewayAccount, GatewayPayout, Payment


@dataclass(frozen=True, slots=True)
class PayoutDetails:
    """What came to the bank account, and what the gateway kept of it besides the fees of the payments."""

    amount: Decimal
    fee: Decimal = Decimal(0)
    paid_on: date | None = None
    bank_account_id: UUID | None = None
    reference: str = ""


@transaction.atomic
def record_payout(*, account_id: UUID, details: PayoutDetails, by: Actor, at: datetime) -> GatewayPayout:
    """Record that a gateway paid out what it had collected: its money moves to the bank account.

    :raises NotFound: no such account or bank account of the company
    :raises Forbidden: the person may not record payments of the whole company
    :raises Invalid: no positive amount in whole rupiah, or a day in the future
    :raises WrongCurrency: the bank account is in another currency
    :raises PeriodClosed: the books of that month are closed
    """
    account = GatewayAccount.objects.select_related("company").filter(pk=account_id).first()
    if account is None:
        raise NotFound(field="account_id")
    access_of(by).require("payment", "record", Payment(company_id=account.company_id))
    today = day_at(at=at, zone=account.company.zone)
    day = details.paid_on or today
    if (
        details.amount <= 0
        or details.fee < 0
        or any(amount != round_amount(amount, "IDR") for amount in (details.amount, details.fee))
    ):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if day > today:
        raise Invalid(_("A payment cannot be dated in the future."), field="date")
    if details.bank_account_id is not None:
        currency = account_currency(company_id=account.company_id, account_id=details.bank_account_id)
        if currency is None:
            raise NotFound(field="bank_account_id")
        if currency != "IDR":
            raise WrongCurrency(field="bank_account_id")
    payout = GatewayPayout(
        id=new_id(), account_id=account.id, company_id=account.company_id, bank_account_id=details.bank_account_id,
        date=day, currency="IDR", amount=details.amount, fee=details.fee, reference=details.reference.strip()[:80],
        created_by=by.id, created_at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        GatewayPayout, [{one.attname: getattr(payout, one.attname) for one in GatewayPayout._meta.concrete_fields}]
    )
    post_entry(
        batch=batch, company_id=account.company_id, branch_id=None, date=day, source_kind="payout",
        source_id=payout.id, number=(payout.reference or account.name)[:40], currency="IDR",
        postings=payout_postings(amount=details.amount, fee=details.fee), customer_id=None, by=by.id, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="payout", subject_id=payout.id, verb="record", by=by.id, at=at,
        company_id=account.company_id,
    )  # fmt: skip
    batch.write()
    return payout

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from niaga.invoicing.errors import SettledOtherwise
from niaga.invoicing.queries.allocations import settled_by_sources
from niaga.invoicing.queries.early_discounts import discounts_standing_on
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.take_back_discounts import take_back_discounts
from niaga.organization.access import Actor
from niaga.parties.queries.credit import lock_credit_account
from niaga.payments.services.allocate_advance import allocate_advance


class Freed(NamedTuple):
    """What a payment or credit note had settled of an invoice, and by which rate where it is in another currency."""

    kind: str
    id: UUID
    amount: Decimal
    rates: dict[str, Decimal]


def free_settlements(
    *, invoice_id: UUID, currency: str, home: str, today: date, by: Actor, at: datetime
) -> list[Freed]:
    """Take back what settles an invoice, so that it is open again and payments are advances: for it to be put right.
    An early-payment discount goes with it; the payments earn it again on the new invoice.

    :raises Forbidden: the person may not allocate
    :raises SettledOtherwise: something settles it that cannot move to another invoice
    :raises PeriodClosed: the books of today's month are closed
    """
    found = lock_open_invoices(invoice_ids=[invoice_id])
    if any(one.offers_discount for one in found):
        [one] = found
        take_back_discounts(
            found=discounts_standing_on([invoice_id]), account_id=lock_credit_account(one.customer_id).account_id,
            reason=gettext("The invoice is put right."), today=today, by=by, at=at,
        )  # fmt: skip
    freed = []
    for row in settled_by_sources(invoice_id=invoice_id):
        kind, source_id, amount = row["source_kind"], row["source_id"], row["sum"]
        if kind == "payment":
            allocate_advance(payment_id=source_id, invoice_id=invoice_id, amount=-amount, by=by, at=at)
        elif kind == "credit_note":
            allocate_credit(credit_note_id=source_id, invoice_id=invoice_id, amount=-amount, by=by, at=at)
        else:
            raise SettledOtherwise()
        freed.append(Freed(kind, source_id, amount, _rates(row, currency, home)))
    return freed


def _rates(row: dict[str, Any], currency: str, home: str) -> dict[str, Decimal]:
    """The rate that an allocation keeps is of the currency that is not the company's own."""
    if not row["of"] or row["rate"] is None:
        return {}
    return {row["of"] if currency == home else currency: row["rate"]}


def settle_again(
    *, freed: Sequence[Freed], invoice_id: UUID, payable: Decimal, by: Actor, at: datetime
) -> tuple[Decimal, Decimal]:
    """Settle another invoice with what was freed, in the same order. Returns how much, and how much is left over: it
    stays the customer's advance or credit."""
    left, over = payable, Decimal(0)
    offers = bool(freed) and any(one.offers_discount for one in lock_open_invoices(invoice_ids=[invoice_id]))
    for one in freed:
        amount = min(one.amount, left)
        over += one.amount - amount
        if not amount:
            continue
        if one.kind == "payment":
            allocate_advance(payment_id=one.id, invoice_id=invoice_id, amount=amount, rates=one.rates, by=by, at=at)
        else:
            allocate_credit(credit_note_id=one.id, invoice_id=invoice_id, amount=amount, by=by, at=at)
        left -= amount
        if offers:  # the discount may have let go of the rest
            left = lock_open_invoices(invoice_ids=[invoice_id])[0].open
    return payable - left, over

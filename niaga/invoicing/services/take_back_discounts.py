from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import DiscountReversal, GivenDiscount
from niaga.invoicing.queries.early_discounts import discounts_standing_on
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices
from niaga.ledger.rules.postings import early_discount_postings, in_document, turned_round
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure


@transaction.atomic
def take_back_discount(*, discount_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Claim a discount again that was given: it was a mistake.

    :raises NotFound: no such discount
    :raises Forbidden: the person may not write off, nor take it back
    :raises ReasonMissing: no reason was given
    :raises WrongState: it was taken back before
    :raises PeriodClosed: the books of today's month are closed
    """
    given = GivenDiscount.objects.select_related("invoice__branch").filter(pk=discount_id).first()
    if given is None:
        raise NotFound()
    access_of(by).require("invoice", "write_off", given.invoice)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    account = lock_credit_account(given.invoice.customer_id)
    lock_open_invoices(invoice_ids=[given.invoice_id])
    if DiscountReversal.objects.filter(given_id=given.pk).exists():
        raise WrongState()
    today = day_at(at=at, zone=given.invoice.branch.zone)
    _take_back([given], account.account_id, reason.strip()[:1000], today, by, at)


def take_back_discounts(
    *, invoices: Sequence[OpenInvoice], account_id: UUID, reason: str, today: date, by: Actor, at: datetime
) -> None:
    """What settled these locked invoices of one customer is taken back: the discounts given for it go with it.

    Part of the caller's transaction. Nothing is asked where no invoice's term has a discount.
    """
    offered = [one.invoice_id for one in invoices if one.offers_discount]
    if offered:
        _take_back(discounts_standing_on(offered), account_id, reason, today, by, at)


def _take_back(
    found: Sequence[GivenDiscount], account_id: UUID, reason: str, today: date, by: Actor, at: datetime
) -> None:
    if not found:
        return
    now = {one.invoice_id: one for one in lock_open_invoices(invoice_ids=[given.invoice_id for given in found])}
    batch = Batch()
    owed = Decimal(0)
    for given in found:
        invoice = now[given.invoice_id]
        back = -invoice.settles(-given.amount)
        owed += back
        batch.insert(DiscountReversal, [{"given_id": given.pk, "reason": reason, "date": today, "at": at, "by": by.id}])
        allocate(
            batch=batch, invoices=[Share(invoice, -given.amount)], source_kind="early_discount", source_id=given.pk,
            today=today, by=by.id, at=at,
        )  # fmt: skip
        foreign = invoice.currency != invoice.home
        postings = turned_round(early_discount_postings(amount=back))
        if foreign:
            postings = in_document(postings, {"early_discounts": -given.amount, "receivable": given.amount})
        post_entry(
            batch=batch, company_id=given.company_id, branch_id=given.invoice.branch_id, date=today,
            source_kind="early_discount", source_id=given.pk, number=given.number, currency=invoice.home,
            document_currency=invoice.currency if foreign else "", postings=postings,
            customer_id=invoice.customer_id, by=by.id, at=at,
        )  # fmt: skip
        record(
            batch=batch, subject_kind="invoice", subject_id=invoice.invoice_id, verb="take_back_discount", by=by.id,
            at=at, company_id=given.company_id, note=reason, data={"amount": str(given.amount)},
        )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account_id, source_kind="early_discount", source_id=found[0].pk, invoices=owed, at=at
    )
    batch.write()

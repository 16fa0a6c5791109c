from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.invoicing.models import DiscountReversal, GivenDiscount
from niaga.invoicing.services.allocate import Share, allocate, lock_open_invoices
from niaga.invoicing.services.take_back_note import take_back_note
from niaga.ledger.rules.postings import early_discount_postings, in_document, turned_round
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor
from niaga.parties.services.post_exposure import post_exposure


def take_back_discounts(
    *, found: Sequence[GivenDiscount], account_id: UUID, reason: str, today: date, by: Actor, at: datetime
) -> None:
    """Claim discounts of one customer again, whose invoices the caller has locked: with what was taken back of their
    payments they go too. Part of the caller's transaction; nothing is written where there is none.

    :raises PeriodClosed: the books of today's month are closed
    """
    for given in found:
        if given.credit_note_id is not None:
            _take_back_note(given, reason, today, by, at)
    found = [given for given in found if given.credit_note_id is None]
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
        _note_it(batch, given, reason, by, at)
    post_exposure(
        batch=batch, account_id=account_id, source_kind="early_discount", source_id=found[0].pk, invoices=owed, at=at
    )
    batch.write()


def _take_back_note(given: GivenDiscount, reason: str, today: date, by: Actor, at: datetime) -> None:
    assert given.credit_note_id is not None
    debit = take_back_note(note_id=given.credit_note_id, reason=reason, today=today, by=by, at=at)
    batch = Batch()
    row = {"given_id": given.pk, "debit_note_id": debit.pk, "reason": reason, "date": today, "at": at, "by": by.id}
    batch.insert(DiscountReversal, [row])
    _note_it(batch, given, reason, by, at)
    batch.write()


def _note_it(batch: Batch, given: GivenDiscount, reason: str, by: Actor, at: datetime) -> None:
    record(
        batch=batch, subject_kind="invoice", subject_id=given.invoice_id, verb="take_back_discount", by=by.id, at=at,
        company_id=given.company_id, note=reason, data={"amount": str(given.amount)},
    )  # fmt: skip

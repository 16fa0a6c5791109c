from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import WriteOff, WriteOffKind, WriteOffReversal
from niaga.invoicing.services.allocate import Share, allocate, lock_open_invoices
from niaga.ledger.rules.postings import in_document, turned_round, write_off_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def reverse_write_off(*, write_off_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Claim again what was given up of an invoice: the customer pays after all, or it was a mistake.

    It is open from today on; what comes in is then recorded as a payment.

    :raises NotFound: no such write-off
    :raises Forbidden: the person may not write off, nor take it back
    :raises ReasonMissing: no reason was given
    :raises WrongState: it was taken back before
    :raises PeriodClosed: the books of today's month are closed
    """
    rows = WriteOff.objects.select_related("invoice__branch", "deed")
    found = rows.filter(pk=write_off_id).first()
    if found is None:
        raise NotFound()
    claim, deed = found.invoice, found.deed
    access_of(by).require("invoice", "write_off", claim)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    account = lock_credit_account(claim.customer_id)
    [invoice] = lock_open_invoices(invoice_ids=[claim.pk])
    if WriteOffReversal.objects.filter(write_off_id=found.pk).exists():
        raise WrongState()
    today = day_at(at=at, zone=claim.branch.zone)
    back = -invoice.settles(-found.amount)
    batch = Batch()
    batch.insert(
        WriteOffReversal,
        [{"write_off_id": found.pk, "reason": reason.strip()[:1000], "date": today, "at": at, "by": by.id}],
    )
    allocate(
        batch=batch, invoices=[Share(invoice, -found.amount)], source_kind="write_off", source_id=deed.pk,
        today=today, by=by.id, at=at,
    )  # fmt: skip
    postings = turned_round(write_off_postings(small=deed.kind == WriteOffKind.DIFFERENCE, amount=back))
    if invoice.currency != invoice.home:
        postings = in_document(postings, {postings[0].role: -found.amount, "receivable": found.amount})
    post_entry(
        batch=batch, company_id=deed.company_id, branch_id=claim.branch_id, date=today, source_kind="write_off",
        source_id=deed.pk, number=deed.number, currency=invoice.home,
        document_currency="" if invoice.currency == invoice.home else invoice.currency, postings=postings,
        customer_id=claim.customer_id, by=by.id, at=at,
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="write_off", source_id=deed.pk, invoices=back, at=at
    )
    record(
        batch=batch, subject_kind="invoice", subject_id=claim.pk, verb="claim_again", by=by.id, at=at,
        company_id=deed.company_id, note=reason.strip()[:1000], data={"amount": str(found.amount)},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=claim.customer_id, company_id=deed.company_id, kind="invoice.claimed_again",
        subject_kind="invoice", subject_id=claim.pk, number=claim.number or "", amount=found.amount,
        currency=found.currency, text=reason.strip()[:1000], actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.models import GivenDiscount
from niaga.invoicing.queries.early_discounts import Offer
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices
from niaga.invoicing.services.issue_discount_note import issue_discount_note
from niaga.ledger.rules.postings import early_discount_postings, in_document
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline


@dataclass(frozen=True, slots=True)
class Occasion:
    """For what a discount is given: a payment that came in time, or (`late`) somebody's yes with its reason."""

    company_id: UUID
    branch_id: UUID
    account_id: UUID
    day: date
    number: str
    payment_id: UUID | None = None
    late: bool = False
    reason: str = ""


def give_discounts(*, rests: Mapping[UUID, tuple[Offer, Decimal]], occasion: Occasion, by: Actor, at: datetime) -> None:
    """Let go of the rests of one customer's invoices, which the caller has locked, and whose offers it has read since.

    Part of the payment's own transaction: what is given stands or falls with it. One statement beside the locks, but
    for each credit note, where the term says that the discount lessens the tax. What no credit note can take off any
    more is let go at the cost of the company: the payment is kept, and so is what the term promised.

    :raises PeriodClosed: the books of the day's month are closed
    """
    if not rests:
        return
    invoices = lock_open_invoices(invoice_ids=list(rests))  # as they are after the payment
    batch = Batch()
    owed = Decimal(0)
    for invoice in invoices:
        offer, amount = rests[invoice.invoice_id]
        if not offer.lessens_tax or not _give_by_note(batch, invoice, offer, amount, occasion, by, at):
            owed += _let_go(batch, invoice, offer, amount, occasion, by, at)
    if owed:
        post_exposure(
            batch=batch, account_id=occasion.account_id, source_kind="early_discount",
            source_id=occasion.payment_id or invoices[0].invoice_id, invoices=-owed, at=at,
        )  # fmt: skip
    batch.write()


def _give_by_note(
    batch: Batch, invoice: OpenInvoice, offer: Offer, amount: Decimal, occasion: Occasion, by: Actor, at: datetime
) -> bool:
    """By a credit note, which settles and posts what it lets go of itself. Whether the invoice's lines allow one."""
    note = issue_discount_note(
        open_invoice=invoice, offer=offer, amount=amount, number=occasion.number, by=by, at=at,
    )  # fmt: skip
    if note is not None:
        _keep(batch, invoice, offer, amount, occasion, note.pk, by, at)
    return note is not None


def _let_go(
    batch: Batch, invoice: OpenInvoice, offer: Offer, amount: Decimal, occasion: Occasion, by: Actor, at: datetime
) -> Decimal:
    """At the cost of the company, the tax as it was. Returns what it settles in the company's own currency."""
    settled = invoice.settles(amount)
    given_id = _keep(batch, invoice, offer, amount, occasion, None, by, at)
    allocate(
        batch=batch, invoices=[Share(invoice, amount)], source_kind="early_discount", source_id=given_id,
        today=occasion.day, by=by.id, at=at,
    )  # fmt: skip
    foreign = invoice.currency != invoice.home
    postings = early_discount_postings(amount=settled)
    if foreign:
        postings = in_document(postings, {"early_discounts": amount, "receivable": -amount})
    post_entry(
        batch=batch, company_id=occasion.company_id, branch_id=occasion.branch_id, date=occasion.day,
        source_kind="early_discount", source_id=given_id, number=occasion.number, currency=invoice.home,
        document_currency=invoice.currency if foreign else "", postings=postings, customer_id=invoice.customer_id,
        by=by.id, at=at,
    )  # fmt: skip
    return settled


def _keep(
    batch: Batch, invoice: OpenInvoice, offer: Offer, amount: Decimal, occasion: Occasion, note_id: UUID | None,
    by: Actor, at: datetime,
) -> UUID:  # fmt: skip
    settled, given_id = invoice.settles(amount), new_id()
    batch.insert(
        GivenDiscount,
        [
            {
                "id": given_id, "company_id": occasion.company_id, "invoice_id": invoice.invoice_id,
                "number": occasion.number, "payment_id": occasion.payment_id, "percent": offer.percent,
                "until": offer.until, "currency": invoice.currency, "amount": amount, "base_amount": settled,
                "credit_note_id": note_id, "late": occasion.late, "reason": occasion.reason, "date": occasion.day,
                "at": at, "by": by.id,
            }
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.invoice_id, verb="give_discount", by=by.id, at=at,
        company_id=occasion.company_id, note=occasion.reason,
        data={"amount": str(amount), "percent": str(offer.percent), "number": occasion.number, "late": occasion.late},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=invoice.customer_id, company_id=occasion.company_id, kind="invoice.discount_given",
        subject_kind="invoice", subject_id=invoice.invoice_id, number=invoice.number, amount=amount,
        currency=invoice.currency, text=occasion.reason, actor_id=by.id, at=at,
    )  # fmt: skip
    return given_id

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.money import base_share
from niaga.invoicing.errors import CreditUsedUp, OtherCustomers, SettlesAsDiscount
from niaga.invoicing.models import Allocation, GivenDiscount, Invoice, InvoiceBalance
from niaga.invoicing.services.allocate import Share, allocate, lock_open_invoices
from niaga.ledger.rules.postings import note_settlement_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure


@transaction.atomic
def allocate_credit(
    *, credit_note_id: UUID, invoice_id: UUID, amount: Decimal | None = None, by: Actor, at: datetime
) -> Decimal:
    """Settle another invoice of the same customer with what is left of a credit note; a negative amount releases it.

    Without an amount as much as both allow. Returns how much it was.

    :raises NotFound: no such credit note or invoice
    :raises Forbidden: the person may not allocate
    :raises OtherCustomers: the invoice is somebody else's, or in another currency
    :raises CreditUsedUp: less is left of the note, or open on the invoice, or was allocated before
    :raises SettlesAsDiscount: the note is an early-payment discount, which is taken back instead
    :raises PeriodClosed: in another currency, where the rate moved: the books of today's month are closed
    """
    credit = (
        Invoice.objects.select_related("branch").filter(pk=credit_note_id, kind="credit_note", status="issued").first()
    )
    if credit is None:
        raise NotFound()
    access_of(by).require("payment", "allocate", credit)
    if GivenDiscount.objects.filter(credit_note_id=credit_note_id).exists():
        raise SettlesAsDiscount()
    return move_credit(credit=credit, invoice_id=invoice_id, amount=amount, by=by, at=at)


def move_credit(*, credit: Invoice, invoice_id: UUID, amount: Decimal | None, by: Actor, at: datetime) -> Decimal:
    """Settle with an issued credit note that the caller has read with its branch, and may do this. Returns how much."""
    credit_note_id = credit.pk
    account = lock_credit_account(credit.customer_id)
    # both balances in key order: a note's row is locked like an invoice's
    rows = {
        row.invoice_id: row
        for row in InvoiceBalance.objects.select_for_update()
        .filter(invoice_id__in=[credit_note_id, invoice_id])
        .order_by("invoice_id")
    }
    note = rows[credit_note_id]
    found = lock_open_invoices(invoice_ids=[invoice_id])
    if not found:
        raise NotFound(field="invoice_id")
    [invoice] = found
    if invoice.customer_id != note.customer_id or invoice.currency != note.currency:
        raise OtherCustomers(field="invoice_id")
    left = note.total - note.allocated
    moved = min(left, invoice.open) if amount is None else amount
    before = _allocated(credit_note_id, invoice_id) if moved < 0 else Decimal(0)
    if not moved:
        raise Invalid(_("There is nothing to allocate."), field="amount")
    if moved > left or moved > invoice.open or -moved > before:
        raise CreditUsedUp(field="amount", available=min(left, invoice.open))

    batch = Batch()
    today = day_at(at=at, zone=credit.branch.zone)
    used_in_all = base_share(note.allocated + moved, whole=note.total, base_whole=note.base_total, home=invoice.home)
    allocate(
        batch=batch, invoices=[Share(invoice, moved)], source_kind="credit_note", source_id=credit.id, today=today,
        by=by.id, at=at, also=[(credit.id, note.allocated + moved, note.total, used_in_all)],
    )  # fmt: skip
    used, settled = used_in_all - note.base_allocated, invoice.settles(moved)
    if used != settled:
        post_entry(
            batch=batch, company_id=credit.company_id, branch_id=credit.branch_id, date=today, source_kind="invoice",
            source_id=credit.id, number=credit.number or "", currency=invoice.home, document_currency=credit.currency,
            postings=note_settlement_postings(used=used, settled=settled, same_rate=False, undo=moved < 0),
            customer_id=credit.customer_id, by=by.id, at=at,
        )  # fmt: skip
        post_exposure(
            batch=batch, account_id=account.account_id, source_kind="invoice", source_id=credit.id,
            invoices=used - settled, at=at,
        )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=credit.id, verb="allocate" if moved > 0 else "release",
        by=by.id, at=at, company_id=credit.company_id, data={"invoice": invoice.number, "amount": str(moved)},
    )  # fmt: skip
    batch.write()
    return moved


def _allocated(source_id: UUID, invoice_id: UUID) -> Decimal:
    rows = Allocation.objects.filter(source_id=source_id, invoice_id=invoice_id)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)

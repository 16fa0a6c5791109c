from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.rules.crediting import FIGURES
from niaga.invoicing.services.allocate_credit import move_credit
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.invoicing.services.issue_discount_note import COPIED, issue_own
from niaga.organization.access import Actor

_TOTALS = (
    "currency", "prices_include_tax", "subtotal", "net", "other_tax_base", "tax", "luxury_tax", "rounding", "total",
    "tax_rounding", "tax_treatment",
)  # fmt: skip


def take_back_note(*, note_id: UUID, reason: str, today: date, by: Actor, at: datetime) -> Invoice:
    """Claim again what an early-payment discount's credit note let go of: a debit note with the same figures is issued,
    which the credit note settles in place of the invoice. So the invoice is open as it was, by its own due days, and no
    document changes. Part of the caller's transaction, which has locked account and balances.

    :raises PeriodClosed: the books of today's month are closed
    """
    note = Invoice.objects.select_related("branch", "credits").get(pk=note_id)
    assert note.credits_id is not None
    batch = Batch()
    names = (*COPIED, *FIGURES, "position", "kind", "description", "quantity", "list_price", "unit_price")
    rows = [
        {**{name: getattr(line, name) for name in names}, "id": new_id(), "credits_line_id": line.credits_line_id}
        for line in InvoiceLine.objects.filter(invoice_id=note_id).order_by("position")
    ]
    debit_id = draft_invoice(
        batch=batch, kind="debit_note", company_id=note.company_id, branch_id=note.branch_id,
        customer_id=note.customer_id, salesperson_id=note.salesperson_id, party=note.party, term_name="", term=[],
        lines=rows, source_numbers=[note.number or ""], customer_reference=note.customer_reference,
        exchange_rate=note.exchange_rate, tax_by_buyer=note.tax_by_buyer, credits_id=note.credits_id,
        reason=reason, by=by.id, at=at, today=today, totals={name: getattr(note, name) for name in _TOTALS},
    )  # fmt: skip
    batch.write()
    debit = issue_own(debit_id, by=by, at=at)
    move_credit(credit=note, invoice_id=note.credits_id, amount=-note.payable, by=by, at=at)
    move_credit(credit=note, invoice_id=debit_id, amount=Decimal(note.payable), by=by, at=at)
    return debit

"""The QRIS code that a template prints on an invoice."""

from datetime import datetime
from typing import Any

from niaga.core.clock import today as day_at
from niaga.core.money import Money
from niaga.documents.registry import Paper
from niaga.documents.rules.print_document import PrintQris
from niaga.invoicing.queries.invoices import whole_invoice
from niaga.organization.access import SYSTEM
from niaga.payments.queries.qris import qris_for


def invoice_code(*, paper: Paper, at: datetime) -> PrintQris | None:
    """The company's own code with what is open as the paper is drawn; None: it has none, nothing is open, or not in
    rupiah. It says amount and day, since the paper outlives both."""
    invoice: Any = whole_invoice(invoice_id=paper.subject_id, by=SYSTEM, today=at.date())
    if invoice.kind == "credit_note":
        return None
    code = qris_for(company_id=paper.company_id, currency=invoice.currency, amount=invoice.open)
    if code is None:
        return None
    day = day_at(at=at, zone=invoice.branch.zone)
    return PrintQris(code.text(), code.merchant, Money(invoice.open, invoice.currency), day)

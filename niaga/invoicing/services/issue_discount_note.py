from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.crediting import NOTHING, credited_parts, lock_issued_invoice
from niaga.invoicing.queries.early_discounts import Offer
from niaga.invoicing.rules.crediting import FIGURES, Figures
from niaga.invoicing.rules.discount_note import DiscountNote, Left, discount_note
from niaga.invoicing.services.allocate import OpenInvoice
from niaga.invoicing.services.draft_invoice import collected, draft_invoice
from niaga.invoicing.services.issue_invoice import issue_locked
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax_remarks import COLLECTORS
from niaga.ui import formatting

NOUGHT = Decimal(0)
ROLE = "early_discounts"
"""Where the net of what is let go is posted, with a note as without."""
COPIED = (
    "product_id", "unit_id", "tax_category_id", "tax_code", "tax_rate", "base_numerator", "base_denominator",
    "luxury_rate",
)  # fmt: skip


def issue_discount_note(
    *, open_invoice: OpenInvoice, offer: Offer, amount: Decimal, number: str, by: Actor, at: datetime
) -> Invoice | None:
    """Issue the credit note by which an early-payment discount lets go of what is open on an invoice: `amount`, its tax
    included. It settles that at once. Its lines name those of the invoice, and no quantity: of what comes back later
    the rest is credited. `number` is of the payment that came in time. None: less than that is left of its lines, since
    credit notes, drafts too, have the rest of them; what is open then bears no tax of the invoice's that could lessen.

    Part of the payment's own transaction, which holds the credit account and the balance: who may record a payment
    gives what the term promised, so no right to issue is asked.

    :raises PeriodClosed: the books of today's month are closed
    """
    invoice = lock_issued_invoice(open_invoice.invoice_id)
    today = day_at(at=at, zone=invoice.branch.zone)
    had = credited_parts(invoice.pk)
    lines = [
        line for line in InvoiceLine.objects.filter(invoice_id=invoice.pk, net__gt=0).order_by("position")
        if line.credits_line_id is None
    ]  # fmt: skip
    lefts = [_left(line, had.get(line.pk, NOTHING).figures, invoice) for line in lines]
    if amount > sum((left.payable(inclusive=invoice.prices_include_tax) for left in lefts), NOUGHT):
        return None
    groups = None
    if invoice.tax_rounding == "document":
        kinds = [(line.tax_code, left.rate) for line, left in zip(lines, lefts, strict=True)]
        groups = [kinds.index(kind) for kind in kinds]
    note = discount_note(
        lefts, amount=amount, inclusive=invoice.prices_include_tax, currency=invoice.currency, groups=groups
    )
    customer = customer_facts(customer_id=invoice.customer_id)
    with override((customer.language if customer else "") or invoice.company.language or "id"):
        percent = formatting.percent(offer.percent)
        words = gettext("Early-payment discount %(percent)s") % {"percent": percent}
        reason = gettext("Early-payment discount %(percent)s, %(number)s") % {"percent": percent, "number": number}
    batch = Batch()
    rows = [_row(line, part, words) for line, part in zip(lines, note.parts, strict=True) if part.net or part.amount]
    note_id = draft_invoice(
        batch=batch, kind="credit_note", company_id=invoice.company_id, branch_id=invoice.branch_id,
        customer_id=invoice.customer_id, salesperson_id=invoice.salesperson_id, party=invoice.party, term_name="",
        term=[], lines=rows, source_numbers=invoice.source_numbers, customer_reference=invoice.customer_reference,
        exchange_rate=invoice.exchange_rate, tax_by_buyer=collected(rows) if invoice.tax_by_buyer else NOUGHT,
        credits_id=invoice.pk, reason=reason, by=by.id, at=at, today=today, totals=_totals(invoice, note),
    )  # fmt: skip
    batch.write()
    return issue_own(note_id, by=by, at=at)


def issue_own(note_id: UUID, *, by: Actor, at: datetime) -> Invoice:
    """Issue a note that this transaction drafted; its net is posted to the discounts."""
    rows = Invoice.objects.select_related("branch", "company", "credits__company")
    return issue_locked(invoice=rows.get(pk=note_id), income=ROLE, by=by, at=at)


def _left(line: InvoiceLine, had: Figures, invoice: Invoice) -> Left:
    left = {name: getattr(line, name) - getattr(had, name) for name in FIGURES}
    rate = TaxRate(
        line.tax_rate, base_numerator=line.base_numerator, base_denominator=line.base_denominator,
        luxury_rate=line.luxury_rate,
    )  # fmt: skip
    return Left(
        left["amount"] - left["document_discount"], left["net"], left["other_tax_base"], left["tax"],
        left["luxury_tax"], rate, bool(invoice.tax_by_buyer) and line.tax_code in COLLECTORS,
    )  # fmt: skip


def _row(line: InvoiceLine, part: Figures, words: str) -> dict[str, Any]:
    text = line.description.partition("\n")[0]
    return {
        **{name: getattr(line, name) for name in (*COPIED, "position")},
        **{name: getattr(part, name) for name in FIGURES}, "id": new_id(),
        "kind": "charge", "description": f"{words}: {text}"[:2000], "quantity": NOUGHT,
        "list_price": NOUGHT, "unit_price": NOUGHT, "credits_line_id": line.pk,
    }  # fmt: skip


def _totals(invoice: Invoice, note: DiscountNote) -> dict[str, Any]:
    sums = {
        name: sum((getattr(part, name) for part in note.parts), NOUGHT)
        for name in ("amount", "net", "other_tax_base", "tax", "luxury_tax")
    }
    subtotal = sums.pop("amount")
    return {
        **sums, "currency": invoice.currency, "prices_include_tax": invoice.prices_include_tax, "subtotal": subtotal,
        "rounding": note.rounding, "tax_rounding": invoice.tax_rounding, "tax_treatment": invoice.tax_treatment,
        "total": sums["net"] + sums["tax"] + sums["luxury_tax"] + note.rounding,
    }  # fmt: skip

"""Invoices and credit notes as they are printed, from what is frozen on them alone."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.utils.translation import override

from niaga.core.errors import NotFound
from niaga.core.money import Money
from niaga.core.rules.tax_name import tax_name
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import lines_on_paper, party_on_paper, sums_on_paper
from niaga.documents.rules.print_document import (
    PrintDocument,
    PrintEarly,
    PrintInstalment,
    PrintKind,
    PrintLot,
    PrintSignature,
    Stamp,
)
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.invoice_lots import lots_of_invoice
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.parties.rules.early_discount import EarlyDiscount, early_discount
from niaga.pricing.rules.tax_remarks import TaxRow, tax_remarks
from niaga.ui import formatting

NOUGHT = Decimal(0)
_KINDS = {
    "invoice": PrintKind.INVOICE,
    "down_payment": PrintKind.DOWN_PAYMENT_INVOICE,
    "credit_note": PrintKind.CREDIT_NOTE,
    "late_fee": PrintKind.LATE_FEE_INVOICE,
    "giro_fee": PrintKind.GIRO_FEE_INVOICE,
    "debit_note": PrintKind.DEBIT_NOTE,
}


def invoice_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """What was paid is not on it: the paper of an issued invoice never changes.

    :raises NotFound: none, or none that `by` may see
    """
    invoice = visible_invoices(by=by).select_related("credits").filter(pk=subject_id).first()
    if invoice is None or variant:
        raise NotFound()
    lines = list(
        InvoiceLine.objects.filter(invoice_id=subject_id).select_related("product", "unit").order_by("position")
    )
    issued = invoice.status == "issued"
    customer = customer_facts(customer_id=invoice.customer_id)
    party = invoice.party or (customer.frozen_party() if customer else {})
    sender = company_print(company_id=invoice.company_id, currency=invoice.currency)
    dues = invoice.dues.order_by("position") if issued else []
    language = language or (customer.language if customer else "") or sender.language
    name = tax_name(sender.country, language)
    remarks = tax_remarks(
        invoice.tax_treatment, tax_rows(lines), currency=invoice.currency, language=language, name=name
    )
    early = early_discount(invoice.term, invoice_date=invoice.date) if issued and invoice.kind == "invoice" else None
    data = PrintDocument(
        number=invoice.number or "—", day=invoice.date or invoice.created_at.date(), company=sender.company,
        logo=sender.logo, foot=sender.foot, banks=sender.banks, customer=party_on_paper(party),
        currency=invoice.currency, lines=lines_on_paper(lines, lots=_lots(invoice.id, language)),
        totals=sums_on_paper(invoice, lines, tax_name=name),
        tax_remarks=tuple(remarks),
        stamp=None if issued else Stamp.DRAFT if invoice.status == "draft" else Stamp.CANCELLED,
        due_date=invoice.due_date if invoice.kind != "credit_note" else None, payment_term=invoice.term_name,
        customer_reference=invoice.customer_reference, order_numbers=tuple(map(str, invoice.source_numbers)),
        invoice_number=(invoice.credits.number or "") if invoice.credits else "", reason=invoice.reason,
        note=invoice.note, terms_text=invoice.terms_text,
        instalments=tuple(PrintInstalment(due.due_date, due.amount) for due in dues),
        early=_early(invoice, early) if early and len(invoice.instalments) < 2 else None,
        signatures=(PrintSignature("sign_seller"),),
        stamp_duty=Money(invoice.stamp_duty, invoice.company.currency) if invoice.stamp_duty else None,
    )  # fmt: skip
    return Paper(
        _KINDS.get(invoice.kind, PrintKind.INVOICE), data, language, "invoice", invoice.id, invoice.company_id,
        final=issued, customer_id=invoice.customer_id, branch_id=invoice.branch_id, shared=issued,
    )  # fmt: skip


def _early(invoice: Invoice, discount: EarlyDiscount) -> PrintEarly:
    """As it was promised at its issue."""
    amount = discount.left(
        claim=invoice.payable, lessened=NOUGHT, given=NOUGHT, open_amount=invoice.payable, currency=invoice.currency
    )
    return PrintEarly(discount.percent, discount.until, invoice.payable - amount)


def tax_rows(lines: Iterable[InvoiceLine]) -> list[TaxRow]:
    return [TaxRow(one.tax_category_id, one.net, one.tax, one.tax_rate, one.tax_code) for one in lines]


def _lots(invoice_id: UUID, language: str) -> dict[UUID, list[PrintLot]]:
    with override(language):
        return {
            line_id: [PrintLot(lot.number, lot.expires_on, formatting.quantity(lot.quantity, lot.unit)) for lot in lots]
            for line_id, lots in lots_of_invoice(invoice_id).items()
        }

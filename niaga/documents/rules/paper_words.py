"""What the placeholders of a paper's texts stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from niaga.core.rules.formatting import format_date, format_money
from niaga.documents.rules.print_document import PrintDocument


def words_for(document: PrintDocument, language: str) -> Mapping[str, str]:
    """Every word, flat; those that the document has nothing for are empty."""

    def day(value: date | None) -> str:
        return format_date(value, language) if value else ""

    statement = document.statement
    total = (
        statement.closing if statement else document.totals.total if document.totals else document.received
    )  # fmt: skip
    return {
        "company.name": document.company.name,
        "company.phone": document.company.phone,
        "company.email": document.company.email,
        "customer.name": document.customer.name,
        "customer.contact": document.customer.contact,
        "customer_reference": document.customer_reference,
        "document.number": document.number,
        "document.date": day(document.day),
        "order.numbers": ", ".join(document.order_numbers),
        "invoice.number": document.invoice_number,
        "due_date": day(document.due_date),
        "valid_until": day(document.valid_until),
        "delivery_date": day(document.delivery_date),
        "requested_date": day(document.requested_date),
        "payment_term": document.payment_term,
        "salesperson": document.salesperson,
        "warehouse": document.warehouse,
        "total": format_money(total, document.currency, language) if total is not None else "",
        "period.start": day(statement.since if statement else None),
        "period.end": day(statement.until if statement else None),
    }

"""Payments as they are printed: the receipt, with what they settle."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.core.money import Money
from niaga.core.rules.formatting import format_money
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import PrintAllocation, PrintDocument, PrintKind, PrintSignature, Stamp
from niaga.invoicing.queries.settled_by import Settled, settled_by
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.payments.queries.payments import stamped_payments


def payment_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """:raises NotFound: none, or none that `by` may see"""
    payment: Any = stamped_payments(by=by).filter(pk=subject_id).first()
    customer = customer_facts(customer_id=payment.customer_id) if payment else None
    if payment is None or customer is None or variant:
        raise NotFound()
    sender = company_print(company_id=payment.company_id, currency=payment.currency)
    language = language or customer.language or sender.language
    settled = [
        PrintAllocation(_named(row, payment.currency, language), row.taken, row.date)
        for row in settled_by(source_id=payment.id)
        if row.amount
    ]
    left = payment.amount - sum((row.amount for row in settled), Decimal(0))
    if left > 0 and payment.status == "recorded":
        settled.append(PrintAllocation("", left))
    data = PrintDocument(
        number=payment.number, day=payment.date, company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=party_on_paper(customer.frozen_party()), currency=payment.currency, received=payment.amount,
        stamp=Stamp.CANCELLED if payment.status == "reversed" else None, payment_method=payment.method,
        payment_reference=payment.reference, note=payment.note, allocations=tuple(settled),
        stamp_duty=Money(payment.duty, payment.company.currency) if payment.duty else None,
        stamp_serial=payment.stamp_serial,
        signatures=(PrintSignature("sign_payer"), PrintSignature("sign_cashier")),
    )  # fmt: skip
    return Paper(
        PrintKind.RECEIPT, data, language, "payment", payment.id, payment.company_id,
        customer_id=payment.customer_id, branch_id=payment.branch_id,
    )  # fmt: skip


def _named(row: Settled, currency: str, language: str) -> str:
    """The invoice; one in another currency with what it got in its own."""
    return (
        row.number if row.currency == currency else f"{row.number} · {format_money(row.amount, row.currency, language)}"
    )

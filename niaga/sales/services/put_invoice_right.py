from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from niaga.catalog.queries.catalog_settings import catalog_settings
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.invoicing.errors import NothingPutRight, ReasonMissing
from niaga.invoicing.queries.crediting import lock_issued_invoice
from niaga.invoicing.queries.invoices import customer_of_invoice, dues_of_invoice, invoice_lines
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.note_correction import check_correctable, note_correction
from niaga.messaging.rules.addresses import BadAddress, check_addresses
from niaga.messaging.services.queue_email import NotAnAddress
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import CustomerFacts, customer_facts
from niaga.payments.services.move_settlements import free_settlements, settle_again
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import rate_on
from niaga.pricing.rules.treatment import Taxing, place_of, read_treatments
from niaga.sales.models import OrderLineInvoice, SalesOrder
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import orders_of_invoice
from niaga.sales.services.draft_right_invoice import right_bill, write_right_draft

Source = Literal["invoice", "customer"]


@dataclass(frozen=True, slots=True)
class RightDetails:
    """How an invoice shall be. What is not named stays as it was issued.

    `buyer` and `tax` say whose facts hold: the invoice's own, or the customer's as they are now (name, address and tax
    number; tax treatment and rates of today). `keeps_dues` keeps the days on which it was due.
    """

    reason: str
    lines: Mapping[UUID, RightLine] = field(default_factory=dict)
    buyer: Source = "invoice"
    tax: Source = "invoice"
    customer_reference: str | None = None
    note: str | None = None
    keeps_dues: bool = True
    mail_to: Sequence[str] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class PutRight:
    """The three documents, what of the new one is settled by what had settled the first, and what was left over."""

    correction_id: UUID
    credit_note_id: UUID
    replacement_id: UUID
    settled: Decimal
    left_over: Decimal


@transaction.atomic
def put_invoice_right(*, invoice_id: UUID, details: RightDetails, by: Actor, at: datetime) -> PutRight:
    """Credit an issued invoice whole and issue it anew as it shall be, in one deed dated today.

    What had settled it settles the new one, down payments and points are taken off again, its orders stay billed, and
    its filing with the tax office is set right. Goods do not move. With `mail_to` the customer gets both papers.

    :raises NotFound: no such issued invoice, or a named line is not one of it
    :raises Forbidden: the person may not credit, write and issue invoices, or allocate what settles it
    :raises ReasonMissing: no reason was given
    :raises OnlyInvoices, PutRightAlready, PartlyCredited, SlipRecorded, FilingUnsure: see `check_correctable`
    :raises NothingPutRight: nothing differs
    :raises Invalid: a figure that cannot be
    :raises OverInvoicing: more than its orders promised; each such line is answered
    :raises SettledOtherwise: a part of it is written off
    :raises PeriodClosed: the books of today's month are closed
    """
    orders_of_invoice(invoice_id)
    # before the invoice: who pays it holds the account, and a discount may credit it then
    lock_credit_account(customer_of_invoice(invoice_id))
    invoice = lock_issued_invoice(invoice_id)
    access = access_of(by)
    for action in ("credit", "create", "issue", *(("send",) if details.mail_to else ())):
        access.require("invoice", action, invoice)
    reason = details.reason.strip()[:200]
    if not reason:
        raise ReasonMissing(field="reason")
    mail_to = _addresses(details.mail_to)
    filing = check_correctable(invoice=invoice, at=at)
    today = day_at(at=at, zone=invoice.branch.zone)
    lines = invoice_lines(invoice_id=invoice_id)
    links = dict(
        OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id).values_list(
            "invoice_line_id", "order_line_id"
        )
    )
    customer = customer_facts(customer_id=invoice.customer_id)
    assert customer is not None
    rates, treatment = _taxes(invoice, customer, lines, orders_of_invoice(invoice_id), at) if (
        details.tax == "customer"
    ) else (None, invoice.tax_treatment)  # fmt: skip
    party = invoice.party if details.buyer == "invoice" else customer.frozen_party()
    bill = right_bill(invoice=invoice, lines=lines, right=details.lines, rates=rates)
    as_it_was = _same_figures(bill.rows, lines)
    reference = invoice.customer_reference if details.customer_reference is None else details.customer_reference[:60]
    note = invoice.note if details.note is None else details.note[:4000]
    words = [(line.id, line.description) for line in lines if line.credits_line_id is None]
    if (
        as_it_was
        and [row["description"] for row in bill.rows] == [text for _key, text in words]
        and (party, treatment, reference, note)
        == (invoice.party, invoice.tax_treatment, invoice.customer_reference, invoice.note)
    ):
        raise NothingPutRight()

    dues = dues_of_invoice(invoice_id=invoice_id) if details.keeps_dues else []
    freed = free_settlements(
        invoice_id=invoice_id, currency=invoice.currency, home=invoice.company.currency, today=today, by=by, at=at
    )
    note_id = credit_invoice(invoice_id=invoice_id, reason=reason, bill_again=True, by=by, at=at)
    credit_note = issue_invoice(invoice_id=note_id, by=by, at=at)
    batch = Batch()
    draft_id = write_right_draft(
        batch=batch, invoice=invoice, bill=bill, orders=orders_of_invoice(invoice_id), links=links, party=party,
        tax_treatment=treatment, dues=dues, as_it_was=as_it_was, customer_reference=reference, note=note,
        by=by.id, at=at, today=today,
    )  # fmt: skip
    batch.write()
    replacement = issue_invoice(invoice_id=draft_id, by=by, at=at)
    settled, over = settle_again(freed=freed, invoice_id=draft_id, payable=replacement.payable, by=by, at=at)
    batch = Batch()
    correction_id = note_correction(
        batch=batch, invoice=invoice, filing=filing, credit_note=credit_note, replacement=replacement, party=party,
        is_taxed=any(row["tax_code"] for row in bill.rows), reason=reason, mail_to=mail_to,
        message=details.message.strip()[:4000], by=by, at=at, today=today,
    )  # fmt: skip
    batch.write()
    return PutRight(correction_id, note_id, draft_id, settled, over)


def _addresses(texts: Sequence[str]) -> list[str]:
    try:
        return check_addresses(texts)
    except BadAddress as bad:
        raise NotAnAddress(field="mail_to") from bad


def _same_figures(rows: Sequence[Mapping[str, Any]], lines: Sequence[Any]) -> bool:
    """Whether the bill has the lines of the invoice with the same figures and the same tax."""
    names = ("kind", "quantity", "unit_price", "discount_percent", "amount", "net", "tax", "luxury_tax", "tax_code")
    own = [line for line in lines if line.credits_line_id is None]
    return [tuple(row[name] for name in names) for row in rows] == [
        tuple(getattr(line, name) for name in names) for line in own
    ]


def _taxes(
    invoice: Any, customer: CustomerFacts, lines: Sequence[Any], orders: Sequence[SalesOrder], at: datetime
) -> tuple[dict[UUID, TaxRate], dict[str, Any]]:
    """The rates of today by tax category, as the customer is taxed now, and what a document keeps of it."""
    context = document_context(branch_id=invoice.branch_id, at=at)
    address = orders[0].delivery_address if orders else {}
    taxing = Taxing(
        catalog_settings(context.company_id).tax_rates if context.charges_tax else {}, day=context.today,
        home=context.country, with_tax_number=customer.has_tax_number,
        place=place_of(address or customer.delivery_address or customer.billing_address, home=context.country),
        treatments=read_treatments(customer.tax_treatments),
    )  # fmt: skip
    rates = {}
    for category_id in {line.tax_category_id for line in lines if line.tax_category_id}:
        rate = rate_on(taxing.of(category_id), context.today)
        if rate is not None:
            rates[category_id] = rate
    return rates, taxing.frozen()

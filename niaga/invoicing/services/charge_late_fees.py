from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, Refusal
from niaga.core.ids import new_id
from niaga.core.rules.calendar import end_of_month
from niaga.invoicing.models import LateFee, LateFeeDays, LateFeeRule
from niaga.invoicing.queries.fee_tax import fee_tax
from niaga.invoicing.queries.late_fees import LateInvoice, late_invoices
from niaga.invoicing.rules.late_fee import Charge, cost_of
from niaga.invoicing.rules.late_fee_words import fee_text
from niaga.invoicing.services.draft_fee import draft_fee, fee_line
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import CustomerFacts, customer_facts, term_parts
from niaga.pricing.rules.request import TaxRate

NOUGHT = Decimal(0)
Charged = tuple[LateInvoice, Charge]


@transaction.atomic
def charge_late_fees(*, customer_id: UUID, month: date, by: Actor, at: datetime) -> list[UUID]:
    """Write what a customer owes for having paid late up to the end of a month: one invoice for each currency, with a
    line for each part of an invoice and its reckoning. Issued at once where the rule says so, and it can be.

    What was charged before, in this month or for the same days, is not charged again; nothing to charge writes nothing.
    Returns the invoices' ids.

    :raises NotFound: no such customer
    :raises Forbidden: the person may not write invoices
    :raises LateFeeTaxMissing: the rule's tax category has no rate today
    """
    customer = customer_facts(customer_id=customer_id)
    if customer is None:
        raise NotFound(field="customer")
    company = company_basics(customer.company_id)
    access_of(by).require("invoice", "create", customer)
    lock_credit_account(customer_id)  # who charges the same customer waits here, and then finds these days charged
    month = month.replace(day=1)
    today = day_at(at=at, zone=company.zone)
    upto = min(end_of_month(month), today - timedelta(days=1))
    charged: dict[str, list[Charged]] = {}
    for late in late_invoices(company_id=company.id, today=today, customer_ids=[customer_id]):
        charged.setdefault(late.claim.currency, []).extend((late, one) for one in late.charges(upto=upto, today=today))
    had = LateFee.objects.filter(customer_id=customer_id, month=month, released_at=None)
    done = set(had.values_list("currency", flat=True))
    due = {
        currency: rows for currency, rows in charged.items()
        if currency not in done and (total := sum((one.amount for _late, one in rows), NOUGHT)) > 0
        and total >= rows[0][0].minimum
    }  # fmt: skip
    for rows in due.values():
        access_of(by).require("invoice", "create", rows[0][0])
    if not due:
        return []
    rules = {rule.pk: rule for rule in LateFeeRule.objects.filter(pk__in={rows[0][0].rule_id for rows in due.values()})}
    made = {
        currency: _draft(customer, rows, rules[rows[0][0].rule_id], company.currency, month, today, by, at)
        for currency, rows in sorted(due.items())
    }
    for currency, invoice_id in made.items():
        if rules[due[currency][0][0].rule_id].issues and access_of(by).allows("invoice", "issue", company.id):
            try:
                with transaction.atomic():
                    issue_invoice(invoice_id=invoice_id, by=by, at=at)
            except Refusal:  # a closed month, a rate of exchange that is missing: a person sees the draft
                continue
    return list(made.values())


def _draft(
    customer: CustomerFacts, rows: Sequence[Charged], rule: LateFeeRule, home: str, month: date, today: date,
    by: Actor, at: datetime,
) -> UUID:  # fmt: skip
    first = rows[0][0]
    currency = first.claim.currency
    rate, treatment = fee_tax(category_id=rule.tax_category_id, customer=customer, branch_id=first.branch_id, at=at)
    lines = [_line(place, *row, rule, rate, customer.language) for place, row in enumerate(rows, 1)]
    term_name, term = term_parts(term_id=customer.payment_term_id)
    for part in term:  # a fee is not lessened for paying it early
        part.pop("discount_percent", None)
        part.pop("discount_days", None)
        part.pop("discount_lessens_tax", None)
    batch, fee_id = Batch(), new_id()
    invoice_id = draft_fee(
        batch=batch, kind="late_fee", customer=customer, branch_id=first.branch_id,
        salesperson_id=first.salesperson_id, currency=currency, home=home, lines=lines, treatment=treatment,
        term_name=term_name, term=term, by=by.id, at=at, today=today,
    )  # fmt: skip
    batch.insert(
        LateFee,
        [{"id": fee_id, "company_id": customer.company_id, "customer_id": customer.id, "currency": currency,
          "month": month, "invoice_id": invoice_id, "at": at, "released_at": None}],
    )  # fmt: skip
    batch.insert(
        LateFeeDays,
        [
            {**days_row(late, charge), "id": new_id(), "fee_id": fee_id, "line_id": line["id"]}
            for (late, charge), line in zip(rows, lines, strict=True)
        ],
        company_id=customer.company_id, customer_id=customer.id, at=at, released_at=None,
    )  # fmt: skip
    batch.write()
    return invoice_id


def days_row(late: LateInvoice, charge: Charge) -> dict[str, Any]:
    """The columns of `LateFeeDays` that the reckoning gives."""
    return {
        "invoice_id": late.invoice_id, "due_id": charge.part.key, "first": charge.first, "last": charge.last,
        "currency": late.claim.currency, "percent": late.terms.percent, "fixed": late.terms.fixed,
        "cap_percent": late.terms.cap_percent, "promise_stops": late.terms.promise_stops, "amount": charge.amount,
        "segments": [
            {"first": one.first.isoformat(), "last": one.last.isoformat(), "days": one.days, "open": str(one.open)}
            for one in charge.segments
        ],
    }  # fmt: skip


def _line(
    place: int, late: LateInvoice, charge: Charge, rule: LateFeeRule, rate: TaxRate, language: str
) -> dict[str, Any]:  # fmt: skip
    whole = cost_of(charge.segments, late.terms.percent, late.terms.fixed, late.claim.currency)
    text = fee_text(
        number=late.number, due_date=charge.part.due_date, segments=charge.segments, percent=late.terms.percent,
        currency=late.claim.currency, language=language or "id", is_capped=charge.amount < whole,
    )  # fmt: skip
    return fee_line(
        place=place, text=text, amount=charge.amount, rate=rate, currency=late.claim.currency,
        tax_category_id=rule.tax_category_id,
    )  # fmt: skip

"""Which invoices were or are late, each with the rule that holds for it and all that its fee is reckoned by: one
statement, whatever is late."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from niaga.core.money import round_amount
from niaga.core.queries.together import Question, Written
from niaga.core.queries.told import Sql, filled
from niaga.core.rules.calendar import end_of_month
from niaga.invoicing.rules.late_fee import Charge, Claim, FeeTerms, Part, Promise, charges_of

LONGEST = timedelta(days=400)
"""What was settled longer ago than this is not charged any more."""
AT_ONCE = 200
"""Customers whose late invoices are reckoned together."""


@dataclass(frozen=True, slots=True)
class LateInvoice:
    """An invoice with its rule; `minimum` and the terms' fixed amount are in its own currency."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    company_id: UUID
    branch_id: UUID
    salesperson_id: UUID | None
    claim: Claim
    terms: FeeTerms
    minimum: Decimal
    rule_id: UUID

    def charges(self, *, upto: date, today: date) -> list[Charge]:
        return charges_of(self.claim, self.terms, upto=upto, today=today)


def late_invoices(
    *, company_id: UUID, today: date, customer_ids: Collection[UUID] | None = None,
    invoice_ids: Collection[UUID] | None = None,
) -> list[LateInvoice]:  # fmt: skip
    """Invoices with a part that was due before today, whose customers pay fees; settled ones of the last year too."""
    return [_late_invoice(row) for row in _asked(_late(company_id, today, customer_ids, invoice_ids))]


def late_question(
    *, company_id: UUID, today: date, customer_ids: Collection[UUID] | None = None,
    invoice_ids: Collection[UUID] | None = None,
) -> Question[list[LateInvoice]]:  # fmt: skip
    """The same, for a page that asks more."""
    sql = _late(company_id, today, customer_ids, invoice_ids)
    return Question(Written(sql.text, sql.values, _COLUMNS), lambda rows: [_late_invoice(row) for row in rows])


def _asked(sql: Sql) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.values)
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return [{**row, "facts": orjson.loads(row["facts"])} for row in rows]


def _late(
    company_id: UUID, today: date, customer_ids: Collection[UUID] | None, invoice_ids: Collection[UUID] | None,
    always: bool = False,
) -> Sql:  # fmt: skip
    narrowed = ""
    if customer_ids is not None:
        narrowed += (
            " AND b.invoice_id IN (SELECT id FROM invoicing_invoice WHERE customer_id = ANY(%(customers)s::uuid[]))"
        )
    if invoice_ids is not None:
        narrowed += " AND b.invoice_id = ANY(%(invoices)s::uuid[])"
    values = {
        "company": company_id, "today": today, "since": today - LONGEST, "customers": list(customer_ids or ()),
        "invoices": list(invoice_ids or ()),
    }  # fmt: skip
    text = _LATE.replace("/* narrowed */", narrowed)
    return filled(text.replace("/* always */", "true OR") if always else text, values)


def claims_of(*, company_id: UUID, today: date, invoice_ids: Collection[UUID]) -> dict[UUID, Claim]:
    """Invoices that were charged once, by id: also those settled long ago, or whose customers pay no fees any more."""
    sql = _late(company_id, today, None, invoice_ids, always=True)
    return {row["invoice_id"]: _claim(row) for row in _asked(sql)}


def late_payers(*, company_id: UUID, month: date, today: date) -> Iterator[UUID]:
    """Who has days of that month or before to be charged; so many customers at once, since a large company's late
    invoices do not all fit into a job."""
    upto = min(end_of_month(month), today - timedelta(days=1))
    with connection.cursor() as cursor:
        given = filled(_WHO_IS_LATE, {"company": company_id, "today": today, "since": today - LONGEST})
        cursor.execute(given.text, given.values)
        customers = [customer_id for (customer_id,) in cursor.fetchall()]
    for start in range(0, len(customers), AT_ONCE):
        found = late_invoices(company_id=company_id, today=today, customer_ids=customers[start : start + AT_ONCE])
        yield from dict.fromkeys(one.customer_id for one in found if one.charges(upto=upto, today=today))


def _late_invoice(row: Mapping[str, Any]) -> LateInvoice:
    rate = row["rate"] or Decimal(1)

    def turned(amount: Decimal) -> Decimal:
        return amount if rate == 1 else round_amount(amount / rate, row["currency"])

    terms = FeeTerms(
        percent=row["percent"], fixed=turned(row["fixed"]), grace_days=row["grace_days"],
        cap_percent=row["cap_percent"], starts_on=row["starts_on"], with_older=row["with_older"],
        promise_stops=row["promise_stops"],
    )  # fmt: skip
    return LateInvoice(
        row["invoice_id"], row["number"], row["customer_id"], row["company_id"], row["branch_id"],
        row["salesperson_id"], _claim(row), terms, turned(row["minimum"]), row["rule_id"],
    )  # fmt: skip


def _claim(row: Mapping[str, Any]) -> Claim:
    facts = row["facts"]
    charged: Mapping[str, str] = facts["charged"] or {}
    return Claim(
        currency=row["currency"],
        parts=[Part(UUID(key), _day(due), Decimal(amount)) for key, due, amount in facts["parts"]],
        credited=row["credited"],
        settled=[(date.fromisoformat(day), Decimal(amount)) for day, amount in facts["settled"] or ()],
        disputes=[(date.fromisoformat(first), _day(last)) for first, last in facts["disputes"] or ()],
        promises=[Promise(date.fromisoformat(made), date.fromisoformat(day)) for made, day in facts["promises"] or ()],
        charged={UUID(key): date.fromisoformat(day) for key, day in charged.items()},
        charged_amount=row["charged_amount"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(value: Any) -> Decimal:
    return Decimal(value)


_COLUMNS: Mapping[str, Callable[[Any], Any]] = {
    "invoice_id": UUID, "number": str, "customer_id": UUID, "company_id": UUID, "branch_id": UUID,
    "salesperson_id": UUID, "currency": str, "rate": _number, "rule_id": UUID, "percent": _number, "fixed": _number,
    "grace_days": int, "cap_percent": _number, "minimum": _number, "starts_on": date.fromisoformat,
    "with_older": bool, "promise_stops": bool, "credited": _number, "charged_amount": _number, "facts": dict,
}  # fmt: skip

_IS_LATE = """
b.company_id = %(company)s::uuid AND b.kind = 'invoice'
     AND (/* always */ b.allocated < b.total AND b.due_date < %(today)s::date
          OR b.allocated >= b.total AND b.last_on >= %(since)s::date)
""".strip()
_WHO_IS_LATE = f"SELECT DISTINCT b.customer_id FROM invoicing_invoicebalance b WHERE {_IS_LATE} ORDER BY 1"

# The narrowest rule holds, also one that is off. Amounts travel as text: JSON has no exact numbers.
_LATE = f"""
WITH late AS MATERIALIZED (
  SELECT b.invoice_id, b.customer_id, b.currency FROM invoicing_invoicebalance b
   WHERE {_IS_LATE}
     /* narrowed */
), ruled AS (
  SELECT l.*, r.id AS rule_id, r.percent, r.fixed, r.grace_days, r.cap_percent, r.minimum, r.starts_on, r.with_older,
         r.promise_stops
    FROM late l JOIN parties_customer c ON c.id = l.customer_id
    LEFT JOIN LATERAL (
      SELECT * FROM invoicing_latefeerule r
       WHERE r.company_id = %(company)s::uuid AND (r.customer_id = c.id OR (r.customer_id IS NULL
         AND (r.group_id = c.group_id OR r.group_id IS NULL)))
       ORDER BY r.customer_id IS NULL, r.group_id IS NULL LIMIT 1
    ) r ON r.is_active
   WHERE /* always */ r.id IS NOT NULL
)
SELECT u.invoice_id, i.number, u.customer_id, i.company_id, i.branch_id, i.salesperson_id, u.currency,
       i.exchange_rate AS rate, u.rule_id, u.percent, u.fixed, u.grace_days, u.cap_percent, u.minimum, u.starts_on,
       u.with_older, u.promise_stops,
       coalesce(k.credited, 0) AS credited, coalesce(h.amount, 0) AS charged_amount,
       jsonb_build_object(
         'parts', p.parts, 'settled', s.settled, 'charged', h.charged,
         'disputes', (SELECT jsonb_agg(jsonb_build_array((x.raised_at AT TIME ZONE o.zone)::date,
                               (x.settled_at AT TIME ZONE o.zone)::date - 1) ORDER BY x.raised_at)
                        FROM invoicing_dispute x WHERE x.invoice_id = u.invoice_id),
         'promises', (SELECT jsonb_agg(jsonb_build_array((x.at AT TIME ZONE o.zone)::date, x.until_date) ORDER BY x.at)
                        FROM invoicing_promisedinvoice y JOIN invoicing_paymentpromise x ON x.id = y.promise_id
                       WHERE y.invoice_id = u.invoice_id)
       ) AS facts
  FROM ruled u JOIN invoicing_invoice i ON i.id = u.invoice_id JOIN organization_branch o ON o.id = i.branch_id
 CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(d.id, d.due_date, d.amount::text) ORDER BY d.position) AS parts,
           min(d.due_date) AS earliest
      FROM invoicing_invoicedue d WHERE d.invoice_id = u.invoice_id
  ) p
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(a.date, a.amount::text) ORDER BY a.date) AS settled
      FROM invoicing_allocation a
     WHERE a.invoice_id = u.invoice_id AND NOT EXISTS (
       SELECT FROM invoicing_invoice n WHERE n.id = a.source_id AND n.credits_id = u.invoice_id)
  ) s ON true
  LEFT JOIN LATERAL (
    SELECT sum((n.total - n.tax_by_buyer) * CASE WHEN n.kind = 'debit_note' THEN -1 ELSE 1 END) AS credited
      FROM invoicing_invoice n WHERE n.credits_id = u.invoice_id AND n.status = 'issued'
  ) k ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(x.due_id, x.last) AS charged, sum(x.amount) AS amount FROM (
      SELECT d.due_id, max(d.last) AS last, sum(d.amount - coalesce(w.amount, 0)) AS amount
        FROM invoicing_latefeedays d
        LEFT JOIN (SELECT days_id, sum(amount) AS amount FROM invoicing_latefeewaiver GROUP BY 1) w ON w.days_id = d.id
       WHERE d.invoice_id = u.invoice_id AND d.released_at IS NULL GROUP BY d.due_id
    ) x
  ) h ON true
 WHERE p.earliest < %(today)s::date
 ORDER BY u.customer_id, u.currency, i.date, i.number
"""


def fees_by_customer(found: Iterable[LateInvoice], *, today: date) -> dict[tuple[UUID, str], Decimal]:
    """What late days up to today cost and nobody charged yet, without tax, by customer and currency."""
    sums: dict[tuple[UUID, str], Decimal] = {}
    for late in found:
        for charge in late.charges(upto=today, today=today):
            key = late.customer_id, late.claim.currency
            sums[key] = sums.get(key, Decimal(0)) + charge.amount
    return sums


def late_fees_so_far(
    *, company_id: UUID, today: date, customer_ids: Collection[UUID] | None = None,
    invoice_ids: Collection[UUID] | None = None,
) -> dict[str, Decimal]:  # fmt: skip
    """The same of all of them together, by currency."""
    found = late_invoices(company_id=company_id, today=today, customer_ids=customer_ids, invoice_ids=invoice_ids)
    sums: dict[str, Decimal] = {}
    for (_customer, currency), amount in fees_by_customer(found, today=today).items():
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def late_fee_of(invoice: Any, today: date) -> Decimal | None:
    """What the late days of an overdue invoice cost so far, for its customer's page; nothing is asked of others."""
    if invoice.kind != "invoice" or invoice.payment_state != "overdue":
        return None
    fees = late_fees_so_far(company_id=invoice.company_id, today=today, invoice_ids=[invoice.pk])
    return fees.get(invoice.currency)

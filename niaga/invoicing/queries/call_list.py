"""Who is to be called about what they owe: whom a level sends to the telephone, and whose promise was not kept."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from niaga.core.clock import today
from niaga.core.queries.told import Sql, joined, sql_of, told
from niaga.invoicing.models import CallListRow, CollectionCall, Dispute, Invoice, InvoiceBalance, PromisedInvoice
from niaga.organization.access import Actor, access_of


class OverdueClaim(NamedTuple):
    """An invoice with what is left of it; `until`: of the latest promise; `disputed`: the reason, while it is open."""

    invoice_id: UUID
    number: str
    due_date: date
    open: Decimal
    currency: str
    until: date | None
    disputed: str | None


def call_list(*, by: Actor, day: date) -> QuerySet[CallListRow]:
    """Customers who are to be called on a day: one statement. Gone once they are called, until the day of the next
    call, another level, or a promise that is not kept. Who pays, promises, disputes or is paused is not called."""
    access = access_of(by)
    company = access.current_company
    seen = Invoice.objects.filter(access.filter("invoice"), status="issued").order_by()
    values = {"company": company.id, "day": day, "home": company.currency}
    rows = told(CallListRow, joined(_filled(_HEAD, values), sql_of(seen.values("id")), _filled(_REST, values)))
    return rows.filter(
        access.filter("invoice", "send", company="customer__company_id", branch="customer__branch_id",
                      salesperson="customer__salesperson_id")
    )  # fmt: skip


def _filled(text: str, values: dict[str, object]) -> Sql:
    pieces = text.split("%(")
    names = [piece.partition(")s")[0] for piece in pieces[1:]]
    rest = [piece.partition(")s")[2] for piece in pieces[1:]]
    return Sql("%s".join([pieces[0], *rest]), tuple(values[name] for name in names))


_HEAD = """
SELECT x.customer_id, %(home)s::varchar AS currency, x.overdue, x.invoices, x.days_late, x.broken,
       k.at AS last_call_at, k.outcome AS last_outcome, k.next_call_date FROM (
WITH seen AS NOT MATERIALIZED (
"""
_REST = """
), parts AS (
  SELECT d.id, d.invoice_id, d.due_date, b.customer_id, b.total, b.base_total,
         greatest(sum(d.amount) OVER w, b.allocated) - greatest(sum(d.amount) OVER w - d.amount, b.allocated) AS open
    FROM invoicing_invoicebalance b JOIN invoicing_invoicedue d ON d.invoice_id = b.invoice_id
    JOIN seen ON seen.id = b.invoice_id
   WHERE b.company_id = %(company)s::uuid AND b.allocated < b.total AND b.kind <> 'credit_note'
     AND b.due_date < %(day)s::date
  WINDOW w AS (PARTITION BY d.invoice_id ORDER BY d.position)
), promised AS (
  SELECT DISTINCT ON (i.invoice_id) i.invoice_id, p.until_date
    FROM invoicing_paymentpromise p JOIN invoicing_promisedinvoice i ON i.promise_id = p.id
   WHERE p.company_id = %(company)s::uuid ORDER BY i.invoice_id, p.at DESC, p.id DESC
), called AS (
  SELECT DISTINCT ON (m.due_id) m.due_id, r.call, m.at FROM invoicing_remindermark m
    JOIN invoicing_reminder r ON r.id = m.reminder_id
   WHERE m.company_id = %(company)s::uuid ORDER BY m.due_id, m.days DESC
)
SELECT p.customer_id, sum(round(p.open * p.base_total / p.total, 4)) AS overdue,
       count(DISTINCT p.invoice_id)::int AS invoices, max(%(day)s::date - p.due_date) AS days_late,
       bool_or(pr.until_date IS NOT NULL) AS broken,
       max(greatest(CASE WHEN c.call THEN c.at END, (pr.until_date + 1)::timestamptz)) AS cause_at
  FROM parts p LEFT JOIN promised pr ON pr.invoice_id = p.invoice_id LEFT JOIN called c ON c.due_id = p.id
 WHERE p.open > 0 AND p.due_date < %(day)s::date AND (pr.until_date IS NULL OR pr.until_date < %(day)s::date)
   AND NOT EXISTS (SELECT FROM invoicing_dispute d WHERE d.invoice_id = p.invoice_id AND d.settled_at IS NULL)
   AND NOT EXISTS (SELECT FROM invoicing_reminderpause z WHERE z.customer_id = p.customer_id AND z.ended_at IS NULL
                      AND (z.until_date IS NULL OR z.until_date >= %(day)s::date))
 GROUP BY p.customer_id
) x LEFT JOIN LATERAL (
  SELECT at, outcome, next_call_date FROM invoicing_collectioncall
   WHERE customer_id = x.customer_id ORDER BY at DESC, id DESC LIMIT 1
) k ON true
 WHERE x.cause_at IS NOT NULL AND (k.at IS NULL OR k.at < x.cause_at OR k.next_call_date <= %(day)s::date)
"""


def overdue_claims(*, customer_id: UUID, by: Actor, at: datetime) -> list[OverdueClaim]:
    """Invoices of a customer that are past a day due, the oldest first, with promises and disputes. One statement."""
    access = access_of(by)
    day = today(at=at, zone=access.current_company.zone)
    seen = access.filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    promise = PromisedInvoice.objects.filter(invoice=OuterRef("invoice")).order_by("-promise__at", "-promise_id")
    dispute = Dispute.objects.filter(invoice=OuterRef("invoice"), settled_at=None)
    rows = (
        InvoiceBalance.objects.filter(seen, customer_id=customer_id, allocated__lt=F("total"), due_date__lt=day)
        .exclude(kind="credit_note")
        .order_by("due_date", "id")
        .values_list("invoice_id", "invoice__number", "due_date", F("total") - F("allocated"), "currency",
                     Subquery(promise.values("promise__until_date")[:1]), Subquery(dispute.values("reason")[:1]))
    )  # fmt: skip
    return [OverdueClaim(*row) for row in rows]


def calls_to(*, customer_id: UUID, company_id: UUID, most: int = 10) -> QuerySet[Any]:
    """The latest calls to a customer, for who may know of them."""
    return CollectionCall.objects.filter(customer_id=customer_id, company_id=company_id).order_by("-at", "-id")[:most]

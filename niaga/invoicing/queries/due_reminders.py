"""Which parts of invoices have reached which level of their customer's plan: one statement, whatever is open.

Balances say what is left of a part, so payments, credit notes and their reversals count at once. Credit that a customer
has not used yet covers the parts that are due first; these are not reminded of.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from niaga.invoicing.models import ReminderPlan
from niaga.invoicing.rules.reminder_hours import Hours, is_open
from niaga.organization.queries.branches import branch_zones
from niaga.organization.queries.company_basics import company_basics


class OpenPlace(NamedTuple):
    """Where customers may be reminded at this moment: a plan in the time zone of a branch, and the day there."""

    plan_id: UUID
    branch_id: UUID
    today: date


class DueReminder(NamedTuple):
    """A part of an invoice with the level that is next for it. `marked`: days of the last level it passed."""

    due_id: UUID
    invoice_id: UUID
    number: str
    customer_id: UUID
    currency: str
    due_date: date
    days: int
    open: Decimal
    plan_id: UUID
    level_id: UUID
    level_days: int
    marked: int | None


def open_places(*, company_id: UUID, at: datetime) -> list[OpenPlace]:
    """Plans of the company that are on, with the branches where the hour is right."""
    plans = list(ReminderPlan.objects.filter(company_id=company_id, is_active=True).order_by("id"))
    if not plans:
        return []
    country = company_basics(company_id).country
    return [
        OpenPlace(plan.pk, branch_id, at.astimezone(zone).date())
        for branch_id, zone in branch_zones(company_id).items()
        for plan in plans
        if is_open(at.astimezone(zone), hours_of(plan, country))
    ]


def hours_of(plan: ReminderPlan, country: str) -> Hours:
    return Hours(plan.send_from, plan.send_until, plan.on_weekends, frozenset(plan.closed_days), country)


def due_reminders(*, company_id: UUID, places: Sequence[OpenPlace], most: int) -> list[DueReminder]:
    """At least one customer's parts, by customer; of several only whole ones, together at most `most` parts."""
    values: dict[str, Any] = {
        "company": company_id, "plans": [one.plan_id for one in places], "branches": [one.branch_id for one in places],
        "days": [one.today for one in places], "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        rows = [DueReminder(*row) for row in cursor.fetchall()]
    if len(rows) == most and rows[0].customer_id != rows[-1].customer_id:
        rows = [row for row in rows if row.customer_id != rows[-1].customer_id]
    return rows


# `credit` covers what is due first. A promise that was not kept since the last level makes the next one due. The last
# mark is looked up part by part: after a long run the planner knows nothing of its thousands of marks yet, and read all
# of them for each part.
_DUE = """
WITH places AS (
  SELECT * FROM unnest(%(plans)s::uuid[], %(branches)s::uuid[], %(days)s::date[]) AS o(plan_id, branch_id, today)
), parts AS (
  SELECT d.id, d.invoice_id, d.due_date, b.customer_id, b.currency, b.total, b.base_total,
         greatest(sum(d.amount) OVER w, b.allocated) - greatest(sum(d.amount) OVER w - d.amount, b.allocated) AS open
    FROM invoicing_invoicebalance b JOIN invoicing_invoicedue d ON d.invoice_id = b.invoice_id
   WHERE b.company_id = %(company)s::uuid AND b.allocated < b.total AND b.kind <> 'credit_note'
  WINDOW w AS (PARTITION BY d.invoice_id ORDER BY d.position)
), credits AS (
  SELECT customer_id, currency, sum(total - allocated) AS credit FROM invoicing_invoicebalance
   WHERE company_id = %(company)s::uuid AND allocated < total AND kind = 'credit_note' GROUP BY 1, 2
), covered AS (
  SELECT p.*, sum(p.open) OVER (PARTITION BY p.customer_id, p.currency ORDER BY p.due_date, p.id)
              <= coalesce(c.credit, 0) AS by_credit
    FROM parts p LEFT JOIN credits c ON c.customer_id = p.customer_id AND c.currency = p.currency WHERE p.open > 0
), promised AS (
  SELECT DISTINCT ON (i.invoice_id) i.invoice_id, p.until_date
    FROM invoicing_paymentpromise p JOIN invoicing_promisedinvoice i ON i.promise_id = p.id
   WHERE p.company_id = %(company)s::uuid ORDER BY i.invoice_id, p.at DESC, p.id DESC
)
SELECT p.id, p.invoice_id, i.number, p.customer_id, p.currency, p.due_date, o.today - p.due_date, p.open,
       o.plan_id, l.id, l.days, m.days
  FROM covered p JOIN invoicing_invoice i ON i.id = p.invoice_id JOIN parties_customer c ON c.id = p.customer_id
  LEFT JOIN invoicing_reminderplan g ON g.company_id = %(company)s::uuid AND g.group_id = c.group_id
  LEFT JOIN invoicing_reminderplan f ON f.company_id = %(company)s::uuid AND f.group_id IS NULL
  JOIN places o ON o.plan_id = coalesce(g.id, f.id) AND o.branch_id = i.branch_id
  LEFT JOIN LATERAL (
    SELECT days, at FROM invoicing_remindermark WHERE due_id = p.id ORDER BY days DESC LIMIT 1
  ) m ON true
  LEFT JOIN promised pr ON pr.invoice_id = p.invoice_id
  CROSS JOIN LATERAL (
    SELECT l.id, l.days, l.days <= o.today - p.due_date AS reached FROM invoicing_reminderlevel l
     WHERE l.plan_id = o.plan_id AND l.archived_at IS NULL AND (m.days IS NULL OR l.days > m.days)
       AND (l.days <= o.today - p.due_date
            OR (pr.until_date < o.today AND p.due_date < o.today AND m.at::date <= pr.until_date))
     ORDER BY reached DESC, CASE WHEN l.days <= o.today - p.due_date THEN -l.days ELSE l.days END LIMIT 1
  ) l
 WHERE NOT p.by_credit AND (pr.until_date IS NULL OR pr.until_date < o.today)
   AND p.open * p.base_total >= coalesce(g.minimum, f.minimum) * p.total
   AND NOT EXISTS (SELECT FROM invoicing_dispute x WHERE x.invoice_id = p.invoice_id AND x.settled_at IS NULL)
   AND NOT EXISTS (SELECT FROM invoicing_reminderpause x WHERE x.customer_id = p.customer_id AND x.ended_at IS NULL
                      AND (x.until_date IS NULL OR x.until_date >= o.today))
 ORDER BY p.customer_id, p.due_date, p.id LIMIT %(most)s
"""

"""What each level of reminders brought in, by month: one statement."""

from django.db.models import QuerySet

from niaga.core.queries.told import Sql, joined, sql_of, told
from niaga.invoicing.models import Invoice, LevelYield
from niaga.organization.access import Actor, access_of


def level_yield(*, by: Actor, within: int) -> QuerySet[LevelYield]:
    """Reminders of invoices that the person may see. Money counts for the last reminder before it, when it came within
    so many days; a payment that was taken back is taken off."""
    access = access_of(by)
    company = access.current_company
    seen = Invoice.objects.filter(access.filter("invoice"), status="issued").order_by()
    rest = Sql(_REST, (company.zone, company.id, company.id, within, company.currency))
    return told(LevelYield, joined(_HEAD, sql_of(seen.values("id")), rest))


_HEAD = "SELECT * FROM (WITH seen AS NOT MATERIALIZED ("
_REST = """
), told AS (
  SELECT m.id, m.invoice_id, m.level_id, m.days, m.at, m.open * b.base_total / b.total AS open,
         date_trunc('month', m.at AT TIME ZONE %s)::date AS month
    FROM invoicing_remindermark m JOIN seen ON seen.id = m.invoice_id
    JOIN invoicing_invoicebalance b ON b.invoice_id = m.invoice_id
   WHERE m.company_id = %s::uuid AND m.outcome <> 'skipped'
), came AS (
  SELECT t.id, sum(a.amount * b.base_total / b.total) AS money
    FROM invoicing_allocation a JOIN invoicing_invoicebalance b ON b.invoice_id = a.invoice_id
    CROSS JOIN LATERAL (
      SELECT id, at FROM told WHERE invoice_id = a.invoice_id AND at <= a.at ORDER BY at DESC, id LIMIT 1
    ) t
   WHERE a.company_id = %s::uuid AND a.source_kind <> 'credit_note' AND a.at <= t.at + make_interval(days => %s)
   GROUP BY t.id
)
SELECT t.month::text || ' ' || t.level_id::text AS id, t.month, t.level_id, t.days, count(*)::int AS sent,
       count(*) FILTER (WHERE c.money > 0)::int AS answered, round(sum(t.open), 4) AS open,
       round(coalesce(sum(c.money), 0), 4) AS money, %s::varchar AS currency
  FROM told t LEFT JOIN came c ON c.id = t.id GROUP BY t.month, t.level_id, t.days
) y
"""

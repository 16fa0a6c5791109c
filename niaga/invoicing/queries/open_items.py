"""What was open at the end of a day, part by part: the one statement behind ageing, its drill and the statement's foot.

Balances say what is open now, and from which day to which something moved on them; of those that were there by the day
and moved after it, what was allocated later is taken off again.
Earlier parts are settled first. In the company's own currency an allocation is what the books took: the difference of
two running shares (`core.money.base_share`), in the order in which they were written, whatever day each is dated.
"""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.core.money import exponent
from niaga.core.queries.told import Sql, joined, sql_of, told
from niaga.invoicing.models import CustomerAgeing, Invoice, OpenItem
from niaga.invoicing.queries.account_sources import Narrowed, account_sources
from niaga.organization.access import Actor, access_of

ALL = Narrowed()


def open_items(*, by: Actor, day: date, narrowed: Narrowed = ALL) -> QuerySet[OpenItem]:
    """Open parts and credits of what the person may see. Their sum in the company's own currency, without payments, is
    the receivable of the books on that day."""
    return told(OpenItem, _items(by, day, narrowed, named=True))


def ageing(*, by: Actor, day: date, narrowed: Narrowed = ALL) -> QuerySet[CustomerAgeing]:
    """What customers owed at the end of a day, by how long it was overdue: one statement, however many they are."""
    return told(CustomerAgeing, joined(_AGEING[0], _items(by, day, narrowed, named=False), _AGEING[1]))


def _items(by: Actor, day: date, narrowed: Narrowed, *, named: bool) -> Sql:
    """Numbers and days of the invoices are read where they are told (`named`), and the invoices themselves where the
    person may not see all."""
    company = access_of(by).current_company
    may_see = access_of(by).filter("invoice")
    limited = may_see != Q(company_id=company.id) or narrowed != Narrowed(narrowed.customer_id)
    seen = Invoice.objects.filter(may_see, status="issued", **narrowed.columns()).order_by()
    values = {
        "company": company.id, "home": company.currency, "digits": exponent(company.currency), "day": day,
        "customer": narrowed.customer_id,
    }  # fmt: skip
    balances = _BALANCES.replace("/* mine */", _CUSTOMER if narrowed.customer_id else "")
    claims = _CLAIMS
    if named:
        claims = claims.replace("/* named */", "s.number, s.date,")
    else:
        claims = claims.replace("/* named */", "''::varchar AS number, NULL::date AS date,")
    if named or limited:
        claims = claims.replace("/* seen */", "JOIN seen s ON s.id = b.invoice_id")
    parts = [
        _filled(_HEAD, values), sql_of(seen.values("id", "number", "date")), _filled(balances, values),
        _filled(claims + _PARTS, values),
        *(part for _kind, source in account_sources
          for part in (" UNION ALL ", source.unspent(by=by, day=day, narrowed=narrowed))),
        _filled(_END, values),
    ]  # fmt: skip
    return joined(*parts)


def _filled(text: str, values: dict[str, object]) -> Sql:
    """Named placeholders, in the order in which they stand."""
    pieces = text.split("%(")
    names = [piece.partition(")s")[0] for piece in pieces[1:]]
    rest = [piece.partition(")s")[2] for piece in pieces[1:]]
    return Sql("%s".join([pieces[0], *rest]), tuple(values[name] for name in names))


_HEAD = """
SELECT x.id, x.kind, x.document_id, x.number, x.customer_id, x.currency, x.date, x.due_date,
       %(day)s::date - x.due_date AS days_late, x.amount, x.open, x.base_open, %(home)s::varchar AS home FROM (
WITH seen AS NOT MATERIALIZED (
"""

# Of all that was on the account by that day: what is open now, and what something moved after the day. By owner (an
# invoice that was settled, or a credit note that settled it) what was allocated after the day is taken off.
_BALANCES = """
), balances AS MATERIALIZED (
  SELECT invoice_id, customer_id, kind, currency, total, base_total, allocated, base_allocated, date, last_on
    FROM invoicing_invoicebalance
   WHERE company_id = %(company)s::uuid AND first_on <= %(day)s::date AND allocated < total /* mine */
   UNION ALL
  SELECT invoice_id, customer_id, kind, currency, total, base_total, allocated, base_allocated, date, last_on
    FROM invoicing_invoicebalance
   WHERE company_id = %(company)s::uuid AND first_on <= %(day)s::date AND allocated >= total
     AND last_on > %(day)s::date /* mine */
), moved AS (
  SELECT invoice_id AS owner, kind, currency, total, base_total FROM balances WHERE last_on > %(day)s::date
), written AS (
  SELECT m.owner, a.amount, a.date, a.at, a.id
    FROM moved m JOIN invoicing_allocation a ON a.invoice_id = m.owner WHERE m.kind <> 'credit_note'
   UNION ALL
  SELECT m.owner, a.amount, a.date, a.at, a.id
    FROM moved m JOIN invoicing_allocation a ON a.source_id = m.owner AND a.source_kind = 'credit_note'
   WHERE m.kind = 'credit_note'
), running AS (
  SELECT w.owner, w.amount, w.date, m.total, m.base_total,
         sum(w.amount) OVER (PARTITION BY w.owner ORDER BY w.at, w.id) AS upto
    FROM written w JOIN moved m ON m.owner = w.owner WHERE m.currency <> %(home)s
), in_base AS (
  SELECT owner, sum(
           CASE WHEN upto = total THEN base_total
                ELSE round(base_total * upto / total::numeric(60,24), %(digits)s) END
         - CASE WHEN upto - amount = total THEN base_total
                ELSE round(base_total * (upto - amount) / total::numeric(60,24), %(digits)s) END) AS base
    FROM running WHERE date > %(day)s::date GROUP BY owner
), later AS MATERIALIZED (
  SELECT o.owner, o.amount, coalesce(f.base, o.amount) AS base
    FROM (SELECT owner, sum(amount) AS amount FROM written WHERE date > %(day)s::date GROUP BY owner) o
    LEFT JOIN in_base f ON f.owner = o.owner
"""

# `settled` may be beyond `total` on a day where a payment that was dated back came before the other was reversed.
_CLAIMS = """
), claims AS MATERIALIZED (
  SELECT b.invoice_id, b.customer_id, b.kind, b.currency, b.total, b.base_total, /* named */
         b.allocated - coalesce(l.amount, 0) AS settled, b.base_allocated - coalesce(l.base, 0) AS base_settled,
         b.date <= %(day)s::date AS is_there
    FROM balances b /* seen */
    LEFT JOIN later l ON l.owner = b.invoice_id
   WHERE b.date <= %(day)s::date OR b.allocated <> coalesce(l.amount, 0) OR b.base_allocated <> coalesce(l.base, 0)
), dues AS MATERIALIZED (
  SELECT c.*, d.id AS part_id, d.due_date, d.amount, d.position
    FROM claims c JOIN invoicing_invoicedue d ON d.invoice_id = c.invoice_id
   WHERE c.is_there AND c.kind <> 'credit_note' AND c.settled < c.total
), parts AS (
  SELECT d.*, total AS upto, 0::numeric AS before FROM dues d WHERE amount = total
   UNION ALL
  SELECT p.*, p.upto - p.amount FROM (
    SELECT d.*, sum(amount) OVER (PARTITION BY invoice_id ORDER BY position) AS upto FROM dues d WHERE amount <> total
  ) p
), shares AS (
  SELECT p.*, CASE WHEN upto = total THEN base_total WHEN currency = %(home)s THEN upto
                   ELSE round(base_total * upto / total::numeric(60,24), %(digits)s) END AS base_upto,
         CASE WHEN before = 0 OR currency = %(home)s THEN before
              ELSE round(base_total * before / total::numeric(60,24), %(digits)s) END AS base_before
    FROM parts p
)
"""

_PARTS = """
SELECT part_id AS id, kind, invoice_id AS document_id, number, customer_id, currency, date, due_date, amount,
       greatest(upto, settled) - greatest(before, settled) AS open,
       greatest(base_upto, base_settled) - greatest(base_before, base_settled) AS base_open
  FROM shares WHERE upto > settled
 UNION ALL
SELECT invoice_id, kind, invoice_id, number, customer_id, currency, date, NULL, -total,
       settled - total, base_settled - base_total
  FROM claims WHERE kind = 'credit_note' AND is_there
 UNION ALL
SELECT invoice_id, 'credit', invoice_id, number, customer_id, currency, date, NULL,
       least(total - settled, 0) + greatest(-settled, 0), least(total - settled, 0) + greatest(-settled, 0),
       least(base_total - base_settled, 0) + greatest(-base_settled, 0)
  FROM claims WHERE kind <> 'credit_note' AND is_there
 UNION ALL
SELECT invoice_id, 'credit', invoice_id, number, customer_id, currency, date, NULL, -settled, -settled, -base_settled
  FROM claims WHERE kind <> 'credit_note' AND NOT is_there
"""
_CUSTOMER = "AND customer_id = %(customer)s::uuid"

_END = ") x WHERE x.open <> 0 OR x.base_open <> 0"

_AGEING = (
    "SELECT customer_id, max(home) AS currency,"
    " coalesce(sum(base_open) FILTER (WHERE days_late < 1 OR (due_date IS NULL AND open > 0)), 0) AS not_due,"
    " coalesce(sum(base_open) FILTER (WHERE days_late BETWEEN 1 AND 30), 0) AS late_30,"
    " coalesce(sum(base_open) FILTER (WHERE days_late BETWEEN 31 AND 60), 0) AS late_60,"
    " coalesce(sum(base_open) FILTER (WHERE days_late BETWEEN 61 AND 90), 0) AS late_90,"
    " coalesce(sum(base_open) FILTER (WHERE days_late > 90), 0) AS late_more,"
    " coalesce(sum(base_open) FILTER (WHERE due_date IS NULL AND open <= 0 AND kind <> 'payment'), 0) AS credit,"
    " coalesce(sum(base_open) FILTER (WHERE kind <> 'payment'), 0) AS receivable,"
    " coalesce(sum(base_open) FILTER (WHERE kind = 'payment'), 0) AS advance,"
    " sum(base_open) AS balance, min(due_date) AS oldest_due FROM (",
    ") items GROUP BY customer_id",
)


def is_whole(*, customer_id: UUID, by: Actor) -> bool:
    """Whether the person may see everything that is on the customer's account."""
    rest = Invoice.objects.filter(customer_id=customer_id, status="issued").exclude(access_of(by).filter("invoice"))
    return not rest.exists() and all(
        source.sees_all(customer_id=customer_id, by=by) for _kind, source in account_sources
    )

"""What sales earned in a period, from the postings to revenue and cost of sales: the sums are the ledger's own.

Each posting is shared out over what it is of: revenue over the lines of its invoice or credit note, cost over the goods
that moved. Shares are differences of running sums, so they make the posting to the last rupiah; what finds no line
stands with none. A bundle's cost is the bundle's. What takes down payments off is left out: the goods are the revenue.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet, Sum

from niaga.analytics.models import MarginFact, MarginRow
from niaga.core.money import exponent
from niaga.core.queries.told import filled, joined, sql_of, told
from niaga.organization.access import Actor, access_of

By = Literal["customer", "product", "category", "salesperson", "branch", "channel", "month"]
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A period, both days included, and to what it is narrowed; None: not by this."""

    since: date
    until: date
    customer_id: UUID | None = None
    product_id: UUID | None = None
    category_id: UUID | None = None
    salesperson_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None

    def narrowed(self) -> dict[str, UUID]:
        facts = asdict(self)
        return {name: facts[name] for name in facts if name.endswith("_id") and facts[name] is not None}


def margins(*, by: Actor, group: By, wanted: Wanted) -> QuerySet[MarginRow]:
    """A row for each customer, product … with revenue or cost in the period, of what the person may see. One statement.

    :raises Forbidden: the person may not see reports, or not what goods cost
    """
    company = access_of(by).current_company
    name, detail, table = _LABELS[group]
    key = "date_trunc('month', f.date)" if group == "month" else f"f.{group}_id"
    head = _HEAD.format(
        id="to_char(g.key, 'YYYY-MM')" if group == "month" else "coalesce(g.key::text, 'none')",
        key="NULL::uuid" if group == "month" else "g.key", name=name, detail=detail, group=key,
    )  # fmt: skip
    columns = ["date", "revenue", "cost", *([] if group == "month" else [f"{group}_id"])]
    facts = margin_facts(by=by, wanted=wanted, group=group).values(*columns)
    tail = f") f GROUP BY 1 HAVING sum(f.revenue) <> 0 OR sum(f.cost) <> 0) g {table}"
    return told(MarginRow, joined(filled(head, {"home": company.currency}), sql_of(facts), tail))


def margin_sums(*, by: Actor, wanted: Wanted) -> Mapping[str, Decimal]:
    """`revenue` and `cost` of all of it."""
    sums = margin_facts(by=by, wanted=wanted).order_by().aggregate(revenue=Sum("revenue"), cost=Sum("cost"))
    return {name: amount or NOUGHT for name, amount in sums.items()}


def margin_facts(*, by: Actor, wanted: Wanted, group: By | None = None) -> QuerySet[MarginFact]:
    """The shares themselves, as finely as a grouping and what it is narrowed to ask for.

    :raises Forbidden: the person may not see reports, or not what goods cost
    """
    access = access_of(by)
    access.require("report", "view")
    access.require("product", "see_cost")
    company = access.current_company
    values = {
        "company": company.id, "since": wanted.since, "until": wanted.until, "digits": exponent(company.currency)
    }  # fmt: skip
    asked = {group, *(name.removesuffix("_id") for name in wanted.narrowed())}
    facts = _FACTS
    # whose an invoice is, its lines need not say
    facts = facts.replace("/* lines */", _LINES if asked & {"product", "category", "channel"} else _NO_LINES)
    if "channel" in asked:  # a look-up a line, which others are spared
        facts = facts.replace("/* channel */", _CHANNEL).replace("/* of */ NULL::uuid", "k.channel_id")
    rows: QuerySet[MarginFact] = told(MarginFact, filled(facts, values))
    return rows.filter(access.filter("invoice"), **wanted.narrowed())


_LABELS: Mapping[str, tuple[str, str, str]] = {
    "customer": ("t.name", "t.code", "LEFT JOIN parties_customer t ON t.id = g.key"),
    "product": ("t.name", "t.sku", "LEFT JOIN catalog_product t ON t.id = g.key"),
    "category": ("t.name", "''", "LEFT JOIN catalog_category t ON t.id = g.key"),
    "salesperson": ("t.name", "''", "LEFT JOIN organization_user t ON t.id = g.key"),
    "branch": ("t.name", "t.code", "LEFT JOIN organization_branch t ON t.id = g.key"),
    "channel": ("t.name", "t.code", "LEFT JOIN organization_channel t ON t.id = g.key"),
    "month": ("to_char(g.key, 'YYYY-MM')", "''", ""),
}

_HEAD = """
SELECT {id} AS id, {key} AS key, coalesce({name}, '')::varchar AS name, coalesce({detail}, '')::varchar AS detail,
       %(home)s::varchar AS currency, g.revenue, g.cost, g.revenue - g.cost AS margin,
       CASE WHEN g.revenue <> 0 THEN round(100 * (g.revenue - g.cost) / g.revenue, 2) END AS percent
  FROM (SELECT {group} AS key, sum(f.revenue) AS revenue, sum(f.cost) AS cost FROM (
"""

_LINES = """
    LEFT JOIN LATERAL (
      SELECT l.id, l.position, l.product_id, l.credits_line_id, l.net FROM invoicing_invoiceline l
        LEFT JOIN invoicing_invoiceline c ON c.id = l.credits_line_id
       WHERE l.invoice_id = i.id AND l.net <> 0
         AND (l.credits_line_id IS NULL OR (i.kind = 'credit_note' AND c.credits_line_id IS NULL))
    ) l ON true
"""
_NO_LINES = """
    CROSS JOIN (
      SELECT NULL::uuid AS id, 0 AS position, NULL::uuid AS product_id, NULL::uuid AS credits_line_id,
             NULL::numeric AS net
    ) l
"""
# What left before cost was posted has one entry a delivery, written later; else moves and entry are of one moment.
_FACTS = """
WITH posted AS MATERIALIZED (
  SELECT e.id, e.source_kind, e.source_id, e.date, e.branch_id, e.posted_at, l.role, sum(l.amount) AS amount
    FROM ledger_journalentry e JOIN ledger_journalline l ON l.entry_id = e.id
   WHERE e.company_id = %(company)s::uuid AND e.date BETWEEN %(since)s::date AND %(until)s::date
     AND l.role IN ('revenue', 'cost_of_sales')
   GROUP BY e.id, l.role
), billed AS (
  SELECT p.id, p.date, p.branch_id, -p.amount AS amount, i.customer_id, i.salesperson_id, l.product_id,
         coalesce(l.credits_line_id, l.id) AS sold_line, coalesce(l.net, 0) AS part,
         sum(l.net) OVER w AS upto, sum(l.net) OVER (PARTITION BY p.id) AS whole, row_number() OVER w AS place
    FROM posted p LEFT JOIN invoicing_invoice i ON i.id = p.source_id
    /* lines */
   WHERE p.role = 'revenue'
  WINDOW w AS (PARTITION BY p.id ORDER BY l.position, l.id)
), moved AS (
  SELECT p.id, p.date, p.branch_id, p.amount, coalesce(o.customer_id, t.customer_id) AS customer_id, o.salesperson_id,
         coalesce(y.product_id, m.product_id) AS product_id, o.channel_id, coalesce(m.value, c.amount, 0) AS part,
         sum(coalesce(m.value, c.amount)) OVER w AS upto,
         sum(coalesce(m.value, c.amount)) OVER (PARTITION BY p.id) AS whole, row_number() OVER w AS place
    FROM posted p
    LEFT JOIN stock_stockmove m ON m.source_id = p.source_id AND m.reason IN ('shipment', 'return') AND m.value <> 0
                               AND (p.source_kind = 'delivery' OR m.at = p.posted_at)
    LEFT JOIN LATERAL (
      SELECT k.id, k.line_id, k.amount FROM returns_suppliercredit k
       WHERE p.source_kind = 'supplier_answer' AND k.answer_id = p.source_id
       UNION ALL
      SELECT k.id, k.line_id, k.amount FROM returns_suppliercredit k
       WHERE p.source_kind = 'supplier_credit' AND k.id = p.source_id
    ) c ON true
    LEFT JOIN sales_orderlinedelivery d ON d.delivery_line_id = m.line_id
    LEFT JOIN returns_returnline r ON r.id = coalesce(m.line_id, c.line_id)
    LEFT JOIN returns_return t ON t.id = r.rma_id
    LEFT JOIN sales_salesorderline y ON y.id = coalesce(d.order_line_id, r.order_line_id)
    LEFT JOIN sales_salesorder o ON o.id = y.order_id
   WHERE p.role = 'cost_of_sales'
  WINDOW w AS (PARTITION BY p.id ORDER BY m.id, c.id)
), shared AS (
  SELECT b.id, b.date, b.branch_id, b.customer_id, b.salesperson_id, b.product_id, /* of */ NULL::uuid AS channel_id,
         CASE WHEN coalesce(whole, 0) = 0 THEN CASE WHEN place = 1 THEN amount ELSE 0 END
              ELSE round(amount * upto / whole, %(digits)s) - round(amount * (upto - part) / whole, %(digits)s)
         END AS revenue, 0 AS cost
    FROM billed b
    /* channel */
   UNION ALL
  SELECT id, date, branch_id, customer_id, salesperson_id, product_id, channel_id, 0,
         CASE WHEN coalesce(whole, 0) = 0 THEN CASE WHEN place = 1 THEN amount ELSE 0 END
              ELSE round(amount * upto / whole, %(digits)s) - round(amount * (upto - part) / whole, %(digits)s) END
    FROM moved
)
SELECT s.id, %(company)s::uuid AS company_id, s.branch_id, s.salesperson_id, s.customer_id, s.product_id,
       c.category_id, s.channel_id, s.date, s.revenue, s.cost
  FROM shared s LEFT JOIN catalog_product c ON c.id = s.product_id
"""
_CHANNEL = """
    LEFT JOIN LATERAL (
      SELECT o.channel_id FROM sales_orderlineinvoice x JOIN sales_salesorderline y ON y.id = x.order_line_id
        JOIN sales_salesorder o ON o.id = y.order_id WHERE x.invoice_line_id = b.sold_line LIMIT 1
    ) k ON true
"""

"""The report of margins over a large company.

    niaga bench margins

Writes two years of issued invoices, each of two lines, with their entries in the journal, and as many shipments with
their moves and entries, straight into a scratch database (without orders: what finds none stands with none). Times the
report's statement for a month, a quarter and a year, by product and by customer, and checks its sums against the
journal's (`off`, which must be 0).
"""

import argparse
import time
from datetime import timedelta
from typing import Any

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench margins", description=__doc__)
    parser.add_argument("--invoices", type=int, default=156_000)
    parser.add_argument("--customers", type=int, default=4_000)
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_margins") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        figures = _measure(name, given)
    report("margins", figures, floor_ms)


def _measure(name: str, given: Any) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench._world import AT, make_bench_world
    from niaga.analytics.queries.margins import Wanted, margin_sums, margins

    point_to(name)
    world = make_bench_world(customers=given.customers, products=given.products)
    point_to(name, role="owner")
    values = {
        "invoices": given.invoices, "company": world.company.id, "branch": world.branch.id, "at": AT,
        "customers": world.customers, "products": world.products, "today": AT.date(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in _HISTORY:
            cursor.execute(statement, values)
        for table in (
            "invoicing_invoice", "invoicing_invoiceline", "ledger_journalentry", "ledger_journalline", "stock_stockmove"
        ):  # fmt: skip
            cursor.execute(f"VACUUM ANALYZE {table}")
    point_to(name)
    by, today = world.owner, AT.date()
    year = Wanted(today - timedelta(days=365), today)
    with CaptureQueriesContext(connection) as asked:
        list(margins(by=by, group="product", wanted=year))
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, [year.since, year.until])
        books = dict(cursor.fetchall())
    sums = margin_sums(by=by, wanted=year)
    off = abs(sums["revenue"] + books["revenue"]) + abs(sums["cost"] - books["cost_of_sales"])

    def timed(days: int, group: Any) -> float:
        wanted, spent = Wanted(today - timedelta(days=days), today), []
        for _run in range(given.runs + 1):
            started = time.perf_counter()
            list(margins(by=by, group=group, wanted=wanted).values_list())
            spent.append((time.perf_counter() - started) * 1000)
        return percentile(spent[1:], 0.5)

    return {
        "invoices": given.invoices, "statements": len(asked), "off": int(off), "runs": given.runs,
        "month_ms": timed(30, "product"), "quarter_ms": timed(91, "product"), "year_ms": timed(365, "product"),
        "year_by_customer_ms": timed(365, "customer"),
    }  # fmt: skip


_BOOKS = """
SELECT l.role, sum(l.amount) FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id
 WHERE e.date BETWEEN %s AND %s AND l.role IN ('revenue', 'cost_of_sales') GROUP BY 1
"""
_HISTORY = (
    """
    CREATE TEMP TABLE drawn AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS delivery, gen_random_uuid() AS entry,
           gen_random_uuid() AS left_entry, n,
           (%(customers)s::uuid[])[1 + (n * 7919) %% cardinality(%(customers)s::uuid[])] AS customer_id,
           %(today)s::date - ((%(invoices)s - n) * 730 / %(invoices)s)::int AS date,
           (50000 + (n * 104729) %% 9000000)::numeric(19,4) AS first,
           (7000 + (n * 31) %% 90000)::numeric(19,4) AS second
      FROM generate_series(1::bigint, %(invoices)s) n
    """,
    "ALTER TABLE invoicing_invoice DISABLE TRIGGER USER",
    "ALTER TABLE invoicing_invoiceline DISABLE TRIGGER USER",
    "ALTER TABLE ledger_journalentry DISABLE TRIGGER USER",
    """
    INSERT INTO invoicing_invoice (id, company_id, branch_id, kind, status, number, customer_id, party, term, term_name,
      date, due_date, reason, source_numbers, customer_reference, open_order_amount, note, terms_text, version,
      created_at, updated_at, issued_at, currency, total, base_total, exchange_rate, net, prices_include_tax, subtotal,
      discount_percent, discount_amount, other_tax_base, tax, rounding)
    SELECT id, %(company)s::uuid, %(branch)s::uuid, 'invoice', 'issued', 'B-' || n, customer_id, '{}', '[]', '', date,
           date + 30, '', '[]', '', 0, '', '', 1, %(at)s, %(at)s, %(at)s, 'IDR', first + second, first + second, 1,
           first + second, false, first + second, 0, 0, 0, 0, 0
      FROM drawn
    """,
    """
    INSERT INTO invoicing_invoiceline (id, invoice_id, position, kind, description, quantity, factor, list_price,
      unit_price, discount_percent, discount_amount, amount, document_discount, net, other_tax_base, tax_code, tax_rate,
      base_numerator, base_denominator, tax, steps, parts, product_id)
    SELECT gen_random_uuid(), d.id, p, 'item', '', 1, 1, v, v, 0, 0, v, 0, v, v, '', 0, 1, 1, 0, '[]', '[]',
           (%(products)s::uuid[])[1 + (d.n * 131 + p * 17) %% cardinality(%(products)s::uuid[])]
      FROM drawn d CROSS JOIN LATERAL (VALUES (1, d.first), (2, d.second)) AS x(p, v)
    """,
    """
    INSERT INTO ledger_journalentry (id, company_id, branch_id, date, source_kind, source_id, number, currency,
      posted_at)
    SELECT entry, %(company)s::uuid, %(branch)s::uuid, date, 'invoice', id, 'B-' || n, 'IDR', %(at)s FROM drawn
     UNION ALL
    SELECT left_entry, %(company)s::uuid, %(branch)s::uuid, date, 'delivery', delivery, 'D-' || n, 'IDR', %(at)s
      FROM drawn
    """,
    """
    INSERT INTO ledger_journalline (id, entry_id, account_id, role, amount)
    SELECT gen_random_uuid(), x.entry, a.account_id, x.role, x.amount
      FROM (SELECT entry, 'revenue' AS role, -first - second AS amount FROM drawn
             UNION ALL SELECT entry, 'receivable', first + second FROM drawn
             UNION ALL SELECT left_entry, 'cost_of_sales', floor((first + second) * 0.7) FROM drawn
             UNION ALL SELECT left_entry, 'inventory', -floor((first + second) * 0.7) FROM drawn) x
      JOIN ledger_roleaccount a ON a.company_id = %(company)s::uuid AND a.role = x.role
    """,
    """
    INSERT INTO stock_stockmove (id, company_id, warehouse_id, product_id, quantity, value, reason, source_kind,
      source_id, line_id, at)
    SELECT gen_random_uuid(), %(company)s::uuid, w.id,
           (%(products)s::uuid[])[1 + (d.n * 131 + p * 17) %% cardinality(%(products)s::uuid[])], -1, -v, 'shipment',
           'delivery', d.delivery, gen_random_uuid(), %(at)s
      FROM drawn d CROSS JOIN LATERAL (VALUES (1, floor(d.first * 0.7)),
             (2, floor((d.first + d.second) * 0.7) - floor(d.first * 0.7))) AS x(p, v)
     CROSS JOIN (SELECT id FROM stock_warehouse WHERE company_id = %(company)s::uuid LIMIT 1) w
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE invoicing_invoice ENABLE TRIGGER USER",
    "ALTER TABLE invoicing_invoiceline ENABLE TRIGGER USER",
    "ALTER TABLE ledger_journalentry ENABLE TRIGGER USER",
)

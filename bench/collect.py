"""What is open on a day, over many invoices: receivables by age; and whose money the lines of a bank statement are.

    niaga bench collect

Writes invoices with balances, instalments and allocations over two years straight into a scratch database (their lines
are not read), then times the list's statement for today, a quarter ago and a year ago: every customer with all buckets.
`page_ms` is the page: 50 customers with count and totals.

Then all that is open is reminded for the first time (`remind_parts`, `remind_s`, five levels, one mail for a customer
and level), and once more, which finds nothing (`remind_again_ms`); `peak_mb` is the memory of this process.

After it, a statement of 5,000 drawn bank lines (`bench/_bank_lines.py`, which says what is drawn and what counts as
right) is taken in (`take_s`) and matched with 9,000 open invoices of 2,000 customers, all in the database: `seconds`
from reading the lines to their proposals, `right_pct`, `wrong_pct`, and `facts_statements`, how many statements the
facts took. `page_of_lines_ms` are the proposals of the 25 lines that a page shows. The seed is one that the rules were
not tuned on.
"""

import argparse
import datetime as dt
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench._bank_match import match_drawn
from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch

HOLD_OUT = 20261128


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench collect", description=__doc__)
    parser.add_argument("--invoices", type=int, default=156_000)
    parser.add_argument("--customers", type=int, default=4_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=HOLD_OUT)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_collect") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        figures = _measure(name, invoices=given.invoices, customers=given.customers, runs=given.runs)
    with scratch("niaga_bench_bank") as name:
        point_to(name)
        matched = match_drawn(lines=given.lines, seed=given.seed, name=name)
    report("collect", figures | matched, floor_ms)


def _measure(name: str, *, invoices: int, customers: int, runs: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench._world import AT, make_bench_world
    from niaga.invoicing.queries.open_items import ageing

    point_to(name)
    world = make_bench_world(customers=customers, products=1)
    point_to(name, role="owner")
    write_invoices(world, invoices)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM invoicing_invoicebalance WHERE allocated < total")
        [open_now] = cursor.fetchone()
    point_to(name)
    by, today = world.owner, AT.date()
    quarter, year = today - timedelta(days=90), today - timedelta(days=365)
    rows = ageing(by=by, day=today)
    with CaptureQueriesContext(connection) as asked:
        counted = len(rows)
    return {
        "invoices": invoices, "open": open_now, "customers": counted, "statements": len(asked), "runs": runs,
        "ageing_ms": _timed(lambda: list(ageing(by=by, day=today).values_list()), runs),
        "ageing_quarter_ago_ms": _timed(lambda: list(ageing(by=by, day=quarter).values_list()), runs),
        "ageing_year_ago_ms": _timed(lambda: list(ageing(by=by, day=year).values_list()), runs),
        "page_ms": _timed(lambda: _page(by, today), runs),
        **_remind(world),
    }  # fmt: skip


def write_invoices(world: Any, invoices: int) -> None:
    """Two years of issued invoices with balances, instalments and allocations, straight into the database, as its
    owner's role."""
    from django.db import connection

    from bench._world import AT

    with connection.cursor() as cursor:
        for statement in _HISTORY:
            cursor.execute(
                statement,
                {"invoices": invoices, "company": world.company.id, "branch": world.branch.id,
                 "customers": world.customers, "today": AT.date(), "at": AT},
            )  # fmt: skip
        for table in ("invoice", "invoicebalance", "invoicedue", "allocation"):
            cursor.execute(f"VACUUM ANALYZE invoicing_{table}")


def _remind(world: Any) -> dict[str, Any]:
    """Everything that is open, reminded for the first time; then a run that finds nothing new."""
    from bench._world import AT
    from niaga.invoicing.services.send_reminders import send_reminders

    plan_reminders(world)
    started, parts = time.perf_counter(), 0
    while found := send_reminders(company_id=world.company.id, at=AT):
        parts += found
    spent = time.perf_counter() - started
    again = time.perf_counter()
    send_reminders(company_id=world.company.id, at=AT)
    return {
        "remind_parts": parts, "remind_s": spent, "remind_again_ms": (time.perf_counter() - again) * 1000,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def plan_reminders(world: Any) -> None:
    """Five levels, by mail to every customer."""
    from bench._world import AT
    from niaga.invoicing.rules.usual_levels import USUAL_LEVELS
    from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
    from niaga.organization.access import SYSTEM
    from niaga.parties.models import Customer

    Customer.objects.filter(company_id=world.company.id).update(email="keuangan@makmur.example")
    plan = PlanInput(
        is_active=True, levels=USUAL_LEVELS, send_from=dt.time(0), send_until=dt.time(23, 59), on_weekends=True
    )  # fmt: skip
    save_reminder_plan(company_id=world.company.id, plan=plan, by=SYSTEM, at=AT)


def _page(by: Any, day: Any) -> None:
    from niaga.invoicing.queries.open_items import ageing
    from niaga.invoicing.web.ageing_list import AgeingList
    from niaga.ui.lists.totals import count_and_sums

    rows = ageing(by=by, day=day).select_related("customer")
    count_and_sums(rows, AgeingList.totals)
    list(rows.order_by("-receivable", "pk")[:51])


def _timed(deed: Callable[[], object], runs: int) -> float:
    spent = []
    deed()
    for _run in range(runs):
        started = time.perf_counter()
        deed()
        spent.append((time.perf_counter() - started) * 1000)
    return percentile(spent, 0.5)


# Every tenth invoice is in three parts. One in eight is open, half of these paid in part; of the newest most are.
_HISTORY = (
    """
    CREATE TEMP TABLE drawn AS
    SELECT gen_random_uuid() AS id, n, (%(customers)s::uuid[])[1 + (n * 7919) %% cardinality(%(customers)s::uuid[])]
             AS customer_id,
           %(today)s::date - ((%(invoices)s - n) * 730 / %(invoices)s)::int AS date,
           (50000 + (n * 104729) %% 9000000)::numeric(19,4) AS total,
           CASE WHEN (n * 31) %% 100 < CASE WHEN n > %(invoices)s * 0.9 THEN 60 ELSE 7 END
                THEN CASE WHEN n %% 2 = 0 THEN 0 ELSE 20000 END ELSE 50000 + (n * 104729) %% 9000000 END
             ::numeric(19,4) AS paid
      FROM generate_series(1::bigint, %(invoices)s) n
    """,
    "ALTER TABLE invoicing_invoice DISABLE TRIGGER USER",
    """
    INSERT INTO invoicing_invoice (id, company_id, branch_id, kind, status, number, customer_id, party, term, term_name,
      date, due_date, reason, source_numbers, customer_reference, open_order_amount, note, terms_text, version,
      created_at, updated_at, issued_at, currency, total, base_total, exchange_rate, net, prices_include_tax, subtotal,
      discount_percent, discount_amount, other_tax_base, tax, rounding)
    SELECT id, %(company)s::uuid, %(branch)s::uuid, 'invoice', 'issued', 'B-' || n, customer_id, '{}', '[]', '', date,
           date + 30, '', '[]', '', 0, '', '', 1, %(at)s, %(at)s, %(at)s, 'IDR', total, total, 1, total,
           false, total, 0, 0, 0, 0, 0
      FROM drawn
    """,
    """
    INSERT INTO invoicing_invoicebalance (id, invoice_id, company_id, customer_id, kind, currency, total, allocated,
      base_total, base_allocated, due_date, settled_at, date, first_on, last_on)
    SELECT gen_random_uuid(), id, %(company)s::uuid, customer_id, 'invoice', 'IDR', total, paid, total, paid, date + 30,
           CASE WHEN paid = total THEN %(at)s::timestamptz END, date, date,
           CASE WHEN paid > 0 THEN least(date + 20 + (n %% 40)::int, %(today)s::date) ELSE date END FROM drawn
    """,
    """
    INSERT INTO invoicing_invoicedue (id, invoice_id, position, due_date, amount)
    SELECT gen_random_uuid(), id, 1, date + 30, total FROM drawn WHERE n %% 10 > 0 UNION ALL
    SELECT gen_random_uuid(), id, p, date + 30 * p::int, CASE p WHEN 3 THEN total - 2 * floor(total / 3)
           ELSE floor(total / 3) END FROM drawn, generate_series(1, 3) p WHERE n %% 10 = 0
    """,
    """
    INSERT INTO invoicing_allocation (id, company_id, invoice_id, source_kind, source_id, amount, source_currency, at,
      date)
    SELECT gen_random_uuid(), %(company)s::uuid, id, 'payment', gen_random_uuid(), paid, '', %(at)s,
           least(date + 20 + (n %% 40)::int, %(today)s::date) FROM drawn WHERE paid > 0
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE invoicing_invoice ENABLE TRIGGER USER",
)

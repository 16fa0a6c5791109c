"""Drawn bank lines in a database: their customers, open invoices and known payers, a statement that is taken in, and
its lines matched from what the database holds."""

import csv
import io
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

from bench._bank_lines import Drawn, counted
from bench._scratch import point_to

PAGE = 25
_COLUMNS = ["date", "text", "amount", "payer_account"]


def match_drawn(*, lines: int, seed: int, name: str) -> dict[str, Any]:
    """Figures of taking in and matching `lines` drawn lines in the empty scratch database `name`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench._world import AT, make_bench_world
    from niaga.organization.services.keep_bank_account import keep_bank_account
    from niaga.payments.models import BankLine
    from niaga.payments.queries.match_facts import line_facts, match_facts
    from niaga.payments.queries.proposals import proposals_for
    from niaga.payments.services.lay_out_statement import lay_out_statement
    from niaga.payments.services.receive_statement import receive_statement
    from niaga.payments.services.take_statement import take_statement

    world = make_bench_world(customers=1, products=1)
    drawn = Drawn(seed, lines=lines, customers=max(20, lines * 2 // 5), invoices=max(100, lines * 9 // 5))
    real = _customers(drawn, world)
    point_to(name, role="owner")
    _invoices(drawn, world, real)
    point_to(name)
    by = world.owner
    account_id = keep_bank_account(
        company_id=world.company.id, bank="BCA", number="0123456789", holder="PT Bangku Uji", by=by, at=AT
    )
    draft = receive_statement(bank_account_id=account_id, chunks=[_csv(drawn)], file_name="bench.csv", by=by, at=AT)
    layout = {"columns": _COLUMNS, "skip": 1, "dates": "y/m/d", "delimiter": ","}
    lay_out_statement(statement_id=draft.id, layout=layout, by=by, at=AT)
    started = time.perf_counter()
    take_statement(statement_id=draft.id, by=by, at=AT)
    take_s = time.perf_counter() - started

    started = time.perf_counter()
    rows = list(BankLine.objects.filter(statement_id=draft.id).order_by("position"))
    found = proposals_for(lines=rows, by=by).matches
    seconds = time.perf_counter() - started
    drawn.lines = [
        replace(
            one, line=replace(one.line, id=row.pk), customer_id=real.get(one.customer_id) if one.customer_id else None
        )
        for one, row in zip(drawn.lines, rows, strict=True)
    ]
    sums = counted(drawn, found)
    with CaptureQueriesContext(connection) as asked:
        match_facts(lines=[line_facts(row) for row in rows], company_id=world.company.id, currency="IDR", by=by)
    return {
        "seed": seed, "lines": lines, "seconds": seconds, "take_s": take_s, "facts_statements": len(asked),
        "page_of_lines_ms": _page(rows, by),
        **{f"{kind}_pct": 100 * sums[kind] / lines for kind in ("right", "wrong", "misled", "open", "certain")},
    }  # fmt: skip


def _page(rows: list[Any], by: Any) -> float:
    from niaga.payments.queries.proposals import proposals_for

    spent = []
    for first in range(0, min(len(rows), 10 * PAGE), PAGE):
        started = time.perf_counter()
        proposals_for(lines=rows[first : first + PAGE], by=by)
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[len(spent) // 2]


def _customers(drawn: Drawn, world: Any) -> dict[UUID, UUID]:
    """The drawn customers as real ones."""
    from bench._world import AT
    from niaga.organization.access import SYSTEM
    from niaga.parties.rules.customer import NewCustomer
    from niaga.parties.services.create_customers import create_customers

    ids = create_customers(
        company_id=world.company.id, rows=[NewCustomer(name=name) for name in drawn.names.values()], by=SYSTEM, at=AT
    )
    return dict(zip(drawn.names, ids, strict=True))


def _invoices(drawn: Drawn, world: Any, real: dict[UUID, UUID]) -> None:
    from django.db import connection

    from bench._world import AT

    known = [(key, real[one.customer_id]) for key, found in drawn.facts().known.items() for one in found]
    values = {
        "company": world.company.id, "branch": world.branch.id, "at": AT, "today": AT.date(),
        "id": [debt.invoice_id for debt in drawn.debts], "number": [debt.number for debt in drawn.debts],
        "customer": [real[debt.customer_id] for debt in drawn.debts], "total": [debt.total for debt in drawn.debts],
        "net": [debt.net for debt in drawn.debts], "due": [debt.due_date for debt in drawn.debts],
        "known": [key for key, _customer in known], "whose": [customer for _key, customer in known],
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in _WRITTEN:
            cursor.execute(statement, values)


def _csv(drawn: Drawn) -> bytes:
    found = io.StringIO()
    writer = csv.writer(found)
    writer.writerow(["day", "text", "amount", "account"])
    for one in drawn.lines:
        line = one.line
        writer.writerow([line.date.isoformat(), line.text, f"{line.amount:f}", line.payer_account])
    return found.getvalue().encode()


_WRITTEN = (
    """
    CREATE TEMP TABLE owed AS SELECT * FROM unnest(%(id)s::uuid[], %(number)s::text[], %(customer)s::uuid[],
      %(total)s::numeric[], %(net)s::numeric[], %(due)s::date[]) AS v(id, number, customer_id, total, net, due)
    """,
    "ALTER TABLE invoicing_invoice DISABLE TRIGGER USER",
    """
    INSERT INTO invoicing_invoice (id, company_id, branch_id, kind, status, number, customer_id, party, term, term_name,
      date, due_date, reason, source_numbers, customer_reference, open_order_amount, note, terms_text, version,
      created_at, updated_at, issued_at, currency, total, base_total, exchange_rate, net, prices_include_tax, subtotal,
      discount_percent, discount_amount, other_tax_base, tax, rounding)
    SELECT id, %(company)s::uuid, %(branch)s::uuid, 'invoice', 'issued', number, customer_id, '{}', '[]', '',
           due - 30, due, '', '[]', '', 0, '', '', 1, %(at)s, %(at)s, %(at)s, 'IDR', total, total, 1, net,
           false, net, 0, 0, 0, total - net, 0
      FROM owed
    """,
    """
    INSERT INTO invoicing_invoicebalance (id, invoice_id, company_id, customer_id, kind, currency, total, allocated,
      base_total, base_allocated, due_date, date, first_on, last_on)
    SELECT gen_random_uuid(), id, %(company)s::uuid, customer_id, 'invoice', 'IDR', total, 0, total, 0, due, due - 30,
           due - 30, due - 30 FROM owed
    """,
    """
    INSERT INTO core_numberseries (id, company_id, kind, period, prefix, width, last)
    VALUES (gen_random_uuid(), %(company)s::uuid, 'invoice', '2026', 'INV-2026-', 5, (SELECT count(*) FROM owed))
    """,
    """
    INSERT INTO payments_knownpayer (id, company_id, key, shown, customer_id, times, last_at)
    SELECT gen_random_uuid(), %(company)s::uuid, key, key, customer_id, 3, %(at)s
      FROM unnest(%(known)s::text[], %(whose)s::uuid[]) AS v(key, customer_id)
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE invoicing_invoice ENABLE TRIGGER USER",
    "ANALYZE",
)

"""Bulk issue, gapless numbers under kills, and issue + pay of one invoice.

    niaga bench billing

Writes drafts of ten lines through the services, then issues them as the job does (`invoices_per_s`, `peak_mb` of the
process). Eight processes then issue further drafts, each in runs of its own, killed at random moments and begun again
until all is issued: `gaps` counts numbers that are missing or doubled. Last, one invoice at a time is issued and paid.
"""

import argparse
import multiprocessing
import os
import random
import resource
import signal
import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch

PROCESSES = 8
_processes = multiprocessing.get_context("fork")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench billing", description=__doc__)
    parser.add_argument("--invoices", type=int, default=5_000)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=200)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_billing") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        figures = _measure(given)
    report("billing", figures, floor_ms)


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    from bench._world import make_bench_world

    world = make_bench_world(customers=200, products=200)
    contended = PROCESSES * 50
    ids = _drafts(world, given.invoices + contended + given.pairs, given.lines)
    _vacuum()
    bulk, fought, single = ids[: given.invoices], ids[given.invoices : -given.pairs], ids[-given.pairs :]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    _issue(world.owner_id, _run(world.owner, bulk))
    seconds = time.perf_counter() - started
    peak_mb = max(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
    killed = _fight(world, fought, given.kills)
    spent = [_issue_and_pay(world, one) for one in single]
    return {
        "invoices": given.invoices, "lines": given.lines, "invoices_per_s": given.invoices / seconds,
        "peak_mb": peak_mb, "processes": PROCESSES, "kills": killed, "gaps": _gaps(len(ids)),
        "issue_pay_p50_ms": percentile(spent, 0.5), "issue_pay_p95_ms": percentile(spent, 0.95),
    }  # fmt: skip


def _drafts(world: Any, count: int, lines: int) -> list[UUID]:
    from bench._world import AT
    from niaga.sales.rules.lines import LineInput
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.draft_order import OrderDetails, draft_order
    from niaga.sales.services.invoice_order import invoice_order

    dice, by, made = random.Random(11), world.owner, []
    for turn in range(count):
        products = dice.sample(world.products, lines)
        order = draft_order(
            customer_id=world.customers[turn % len(world.customers)], branch_id=world.branch.id,
            lines=[LineInput(product_id=one, quantity=Decimal(2)) for one in products], details=OrderDetails(), by=by,
            at=AT,
        )  # fmt: skip
        confirm_order(order_id=order.id, by=by, at=AT)
        made.append(invoice_order(order_id=order.id, basis="ordered", by=by, at=AT))
    return made


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _run(by: Any, ids: list[UUID]) -> UUID:
    from bench._world import AT
    from niaga.invoicing.services.start_issue_run import start_issue_run

    return start_issue_run(invoice_ids=ids, by=by, at=AT, language="id").id


def _issue(owner_id: UUID, run_id: UUID, at_once: int = 100) -> None:
    from bench._world import AT
    from niaga.invoicing.services.carry_on_issue_run import carry_on_issue_run
    from niaga.organization.models import User

    by = User.objects.get(pk=owner_id)
    while carry_on_issue_run(run_id=run_id, by=by, at=AT, at_once=at_once):
        continue


def _issue_apart(owner_id: UUID, run_id: UUID) -> None:
    from django.db import connections

    connections.close_all()
    status = 1
    try:
        _issue(owner_id, run_id, at_once=5)
        status = 0
    finally:
        os._exit(status)


def _fight(world: Any, ids: list[UUID], kills: int) -> int:
    """Eight processes, each with its run; one of them is killed again and again. Returns how many were."""
    from django.db import connections

    dice, each = random.Random(12), len(ids) // PROCESSES
    runs = [_run(world.owner, ids[n * each : (n + 1) * each]) for n in range(PROCESSES)]
    connections.close_all()

    def begin(run_id: UUID) -> Any:
        one = _processes.Process(target=_issue_apart, args=(world.owner_id, run_id))
        one.start()
        return one

    at_work = {run_id: begin(run_id) for run_id in runs}
    killed = 0
    while at_work:
        time.sleep(dice.uniform(0.005, 0.05))
        for run_id, one in list(at_work.items()):
            if one.exitcode == 0:
                del at_work[run_id]
            elif one.exitcode is not None:
                at_work[run_id] = begin(run_id)
        if killed < kills and at_work:
            victim = at_work[dice.choice(list(at_work))]
            if victim.pid is not None and victim.exitcode is None:
                os.kill(victim.pid, signal.SIGKILL)
                killed += 1
                victim.join(30)
    return killed


def _gaps(size: int) -> int:
    """Numbers up to how many were issued that no invoice has, and invoices of a number that another has."""
    from niaga.invoicing.models import Invoice

    found = [int(one[-5:]) for one in Invoice.objects.filter(status="issued").values_list("number", flat=True)]
    return len(set(range(1, size + 1)) - set(found)) + len(found) - len(set(found))


def _issue_and_pay(world: Any, invoice_id: UUID) -> float:
    from bench._world import AT
    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.payments.services.record_payment import PaymentDetails, record_payment

    by = world.owner
    started = time.perf_counter()
    invoice = issue_invoice(invoice_id=invoice_id, by=by, at=AT)
    record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=[(invoice.id, invoice.total)], by=by,
        at=AT, details=PaymentDetails(method="transfer", currency="IDR", amount=invoice.total),
    )  # fmt: skip
    return (time.perf_counter() - started) * 1000

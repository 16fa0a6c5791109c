"""How much memory jobs take, each in a process of its own that did nothing before.

    niaga bench memory

In one scratch database: two years of issued invoices (`--invoices`) of `--customers` customers with a reminder plan and
a rule about late fees, and `--drafts` drafts of ten lines. Every job that a clock starts runs over it, those that are
done by company are run by company, and all drafts are issued as one run. In others: a bank statement of `--lines` lines
is taken in and what is certain of it booked; files of sales history, customers and products are moved in. Jobs of one
message, payment or shipment are not run: what they hold is one row. `max_mb` is the greatest peak, `idle_mb` that of a
process that only loaded Niaga; each job's stands under its name.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._report import report
from bench._scratch import dsn, point_to, scratch

_processes = multiprocessing.get_context("spawn")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench memory", description=__doc__)
    parser.add_argument("--invoices", type=int, default=156_000)
    parser.add_argument("--customers", type=int, default=4_000)
    parser.add_argument("--drafts", type=int, default=5_000)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--history", type=int, default=500_000)
    given = parser.parse_args(arguments)
    peaks = {"idle": apart(_idle)}
    with scratch("niaga_bench_memory") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        peaks |= _over_invoices(name, given)
    with scratch("niaga_bench_memory_bank") as name:
        point_to(name)
        peaks["book_certain_lines"] = apart(_bank, name, given.lines)
    with scratch("niaga_bench_memory_import") as name:
        point_to(name)
        peaks["import"] = apart(_import, given.history)
    idle = peaks.pop("idle")
    report("memory", {"max_mb": max(peaks.values()), "idle_mb": idle, "jobs": len(peaks), **peaks}, floor_ms)


def _over_invoices(name: str, given: argparse.Namespace) -> dict[str, float]:
    from bench._world import make_bench_world
    from bench.billing import _drafts
    from bench.collect import plan_reminders, write_invoices

    point_to(name)
    world = make_bench_world(customers=given.customers, products=200)
    drafts = _drafts(world, given.drafts, 10)
    point_to(name, role="owner")
    write_invoices(world, given.invoices)
    point_to(name)
    plan_reminders(world)
    _charge(world)
    company, owner = str(world.company.id), str(world.owner_id)
    peaks = {"issue_run": apart(_issue, owner, [str(one) for one in drafts])}
    peaks |= {"remind": apart(_job, "remind", company), "charge_fees": apart(_job, "charge_fees", company)}
    return peaks | {one.partition(".jobs.")[2]: apart(_timed, one) for one in _by_the_clock()}


def _charge(world: Any) -> None:
    from bench._world import AT
    from niaga.invoicing.services.save_late_fee_rule import RuleInput, save_late_fee_rule

    rule = RuleInput(starts_on=AT.date() - timedelta(days=300), percent=Decimal(2), with_older=True)
    save_late_fee_rule(company_id=world.company.id, rule=rule, by=world.owner, at=AT)


def apart(deed: Callable[..., None], *given: Any) -> float:
    """The greatest resident memory of a fresh process that does it, in MB.

    :raises SystemExit: it failed
    """
    answers = _processes.SimpleQueue()
    one = _processes.Process(target=_weighed, args=(answers, deed, given))
    one.start()
    one.join()
    if one.exitcode != 0:
        raise SystemExit(f"{deed.__name__}{given[:1]} ended with {one.exitcode}")
    found: float = answers.get()
    print(f"{deed.__name__} {str(given[:1])[:60]} {found:.0f} MB", file=sys.stderr, flush=True)
    return found


def _weighed(answers: Any, deed: Callable[..., None], given: tuple[Any, ...]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niaga.config.settings")
    django.setup()
    deed(*given)
    # Of this program since it began; `ru_maxrss` would tell of the one it was copied from, too.
    [peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line[:6] == "VmHWM:"]
    answers.put(int(peak) / 1024)


def _idle() -> None:
    return None


def _by_the_clock() -> list[str]:
    """The names of the jobs that a clock starts, without those of the queue itself."""
    from procrastinate.contrib.django import app

    return sorted({name for name, _id in app.periodic_registry.periodic_tasks if name.startswith("niaga.")})


def _timed(name: str) -> None:
    import time

    from procrastinate.contrib.django import app

    task = app.tasks[name]
    if not task.pass_context:
        task.func(timestamp=int(time.time()))


def _job(name: str, company: str) -> None:
    from niaga.invoicing import jobs

    getattr(jobs, name).func(company_id=company)


def _issue(owner_id: str, drafts: list[str]) -> None:
    from bench.billing import _issue, _run
    from niaga.organization.models import User

    _issue(UUID(owner_id), _run(User.objects.get(pk=owner_id), [UUID(one) for one in drafts]))


def _bank(name: str, lines: int) -> None:
    from bench._bank_match import match_drawn
    from bench.collect import HOLD_OUT
    from niaga.organization.models import User
    from niaga.payments.jobs import book_certain_lines
    from niaga.payments.models import BankStatement

    match_drawn(lines=lines, seed=HOLD_OUT, name=name)
    statement = BankStatement.objects.get()
    user = User.objects.get(username="owner")
    book_certain_lines.func(statement_id=str(statement.pk), company_id=str(statement.company_id), user_id=str(user.pk))


def _import(lines: int) -> None:
    from bench._history import write_history, write_masters
    from niaga.core.clock import now
    from niaga.imports.services.found_company import found_company
    from niaga.imports.services.import_file import import_file
    from niaga.organization.access import SYSTEM

    with tempfile.TemporaryDirectory(prefix="niaga-bench-") as place:
        folder = Path(place)
        write_history(folder / "sales.csv", lines=lines, seed=20171231)
        write_masters(folder)
        company_id = found_company(code="B", name="Bench", currency="USD", language="en", by=SYSTEM, at=now())
        for kind in ("branches", "customers", "products", "sales"):
            batch = import_file(
                path=folder / f"{kind}.csv", kind=kind, company_id=company_id, dry_run=False, at=now(), by=SYSTEM
            )
            assert batch.status == "done", (batch.failure, batch.findings[:3])

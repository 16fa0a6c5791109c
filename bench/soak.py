"""The tests at full counts, from a printed seed: run before an issue is called resolved. Under an hour on two cores.

    niaga bench soak [--seed N]

100,000 drawn documents through the identities of money; 100,000 drawn lines anew from their stored steps; 100,000
drawn invoices through the tax file, and 5,000 more that the services issue and file; 64 processes that fight for 100
units; 1,000 processes killed with -9 while they confirm an order or issue an invoice, and as many in any deed of the
second half (bills, payments, bank lines, giros, gateways, refunds, returns, write-offs, bookings, transfers, the
portal), with every promise of `niaga check invariants` searched on those databases afterwards; the API against its own
schema; the races between people. The
database is the tests' own, copied and thrown away. Ends with status 1 when one of them fails. `--seed` runs the same
again.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


@dataclass
class Part:
    """One run of pytest: what it proves, the tests, and the counts by which they run."""

    proves: str
    tests: list[str]
    counts: dict[str, str] = field(default_factory=dict)
    by_hypothesis: bool = False
    processes: int = 1
    seconds: float = 0.0
    passed: int = 0
    status: int = 0


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="0: a new one, printed")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=64)
    parser.add_argument("--requests", type=int, default=60, help="of each operation of the API")
    given = parser.parse_args(arguments)
    seed = given.seed or secrets.randbelow(2**31)
    print(f"seed {seed}: niaga bench soak --seed {seed} runs the same again", flush=True)
    parts = _parts(given)
    for part in parts:
        _run(part, seed)
    failed = [part for part in parts if part.status]
    for part in parts:
        print(f"{'FAILED' if part.status else 'ok':<8}{part.seconds:8.0f} s  {part.passed:4} tests  {part.proves}")
    print(
        json.dumps(
            {
                "bench": "soak",
                "figures": {
                    "seed": seed, "documents": given.documents, "kills": given.kills, "processes": given.processes,
                    "failed": len(failed), "seconds": round(sum(part.seconds for part in parts)),
                },
            }
        ),
        flush=True,
    )  # fmt: skip
    if failed:
        raise SystemExit(1)


def _parts(given: argparse.Namespace) -> list[Part]:
    kept = "tests/scenarios/test_kills_and_fights.py"
    return [
        Part(
            "the short way to migrate comes to the schema of Django's own",
            ["tests/platform/test_schema.py"], {"NIAGA_SCHEMA_BOTH_WAYS": "1"},
        ),
        Part(
            f"{given.documents:,} drawn documents keep the identities of money, whole and cut into invoices",
            ["niaga/pricing/tests/test_price_lines.py", "niaga/sales/tests/test_billing.py"],
            {"NIAGA_EXAMPLES": str(given.documents)}, by_hypothesis=True, processes=2,
        ),
        Part(
            f"{given.documents:,} drawn lines are computed again, figure by figure, from their stored steps",
            ["niaga/pricing/tests/test_replay.py"], {"NIAGA_EXAMPLES": str(given.documents)},
        ),
        Part(
            f"{given.documents:,} drawn and {given.documents // 20:,} issued invoices come back from the tax file"
            " to the rupiah",
            ["tests/scenarios/test_drawn_tax_invoices.py"],
            {"NIAGA_TAX_INVOICES": str(given.documents), "NIAGA_ISSUED": str(given.documents // 20)}, processes=2,
        ),
        Part(
            f"{given.processes} processes sell exactly 100 units, no deadlock reaches a caller",
            [f"{kept}::test_many_processes_sell_exactly_what_there_is_and_none_meets_a_deadlock"],
            {"NIAGA_FIGHTERS": str(given.processes)},
        ),
        Part(
            f"{given.kills:,} kills leave all of a deed or nothing, numbers without a gap, every promise kept",
            [f"{kept}::test_a_kill_in_the_middle_of_a_deed_leaves_all_of_it_or_nothing"],
            {"NIAGA_KILLS": str(given.kills)},
        ),
        Part(
            f"{given.kills:,} kills while people bill, collect, refund, take back, book, move and answer: every promise"
            " kept, nothing booked twice at a carrier",
            ["tests/scenarios/test_kills_of_the_second_half.py"], {"NIAGA_KILLS": str(given.kills)},
        ),
        Part(
            f"{given.requests} requests to each operation of the API are answered as its schema says",
            ["tests/scenarios/test_api_schema.py"],
            {"NIAGA_API_EXAMPLES": str(given.requests)}, by_hypothesis=True,
        ),
        Part(
            "races between people come out as they must",
            [
                "niaga/sales/tests/test_races.py", "niaga/sales/tests/test_publish_races.py",
                "niaga/approvals/tests/test_races.py", "tests/scenarios/test_foreign_races.py",
                "tests/platform/test_races.py", "tests/platform/test_price_races.py",
                "tests/platform/test_promotion_races.py",
            ],
        ),
    ]  # fmt: skip


def _run(part: Part, seed: int) -> None:
    from niaga.config.environment import ROOT

    print(f"\n{part.proves}", flush=True)
    command = [*PYTEST, *part.tests]
    if part.by_hypothesis:
        command.append(f"--hypothesis-seed={seed}")
    if part.processes > 1:
        command += ["-n", str(part.processes), "--dist", "worksteal"]
    surroundings = {name: value for name, value in os.environ.items() if name not in ("NIAGA_DATABASE", "NIAGA_ROLE")}
    surroundings |= {"NIAGA_SEED": str(seed), **part.counts}
    start = time.monotonic()
    run = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    for line in run.stdout:
        print(line, end="", flush=True)
        if found := re.search(r"(\d+) passed", line):
            part.passed = int(found[1])
    part.status = run.wait()
    part.seconds = time.monotonic() - start

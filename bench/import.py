"""Moving sales history in: a CSV of a year's receipts through the whole import, in a scratch database.

The file is drawn from a seed: real retail has about ten lines a receipt, most products rarely, some quantities of zero.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from bench._floor import machine_floor
from bench._report import report
from bench._scratch import scratch

BRANCHES, CUSTOMERS, PRODUCTS = 50, 2_500, 20_000


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _write_history(path: Path, *, lines: int, seed: int) -> None:
    dice = random.Random(seed)
    at = datetime(2024, 1, 1, 8)  # noqa: DTZ001
    step = timedelta(days=365) / max(1, lines // 9)
    with path.open("w") as file:
        file.write("number,date,branch,customer,product,quantity,amount,discount,coupon\n")
        written, number = 0, 31_198_570_044
        while written < lines:
            number += dice.randrange(1, 9_000)
            at += step
            head = f"{number},{at:%Y-%m-%d %H:%M:%S},B{dice.randrange(BRANCHES)},C{dice.randrange(CUSTOMERS)}"
            for _line in range(min(int(dice.expovariate(1 / 8.5)) + 1, lines - written)):
                product = int(PRODUCTS * dice.random() ** 3)
                quantity = 0 if dice.random() < 0.006 else dice.choice((1, 1, 1, 1, 2, 2, 3, 10))
                amount = dice.randrange(0, 2_000) / 100
                file.write(f"{head},P{product},{quantity},{amount:.2f},{dice.randrange(300) / 100:.2f},0\n")
                written += 1


def _write_masters(folder: Path) -> None:
    for name, head, prefix, count in (
        ("branches", "code,name", "B", BRANCHES),
        ("customers", "code,name", "C", CUSTOMERS),
        ("products", "sku,name", "P", PRODUCTS),
    ):
        with (folder / f"{name}.csv").open("w") as file:
            file.write(head + "\n")
            file.writelines(f"{prefix}{n},Number {n}\n" for n in range(count))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench import")
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=20171231)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_import"), tempfile.TemporaryDirectory(prefix="niaga-bench-") as place:
        from niaga.config.database import admin_url
        from niaga.core.clock import now
        from niaga.imports.services.found_company import found_company
        from niaga.imports.services.import_file import import_file
        from niaga.organization.access import SYSTEM

        folder = Path(place)
        _say(f"writing a history of {given.lines:,} lines (seed {given.seed})")
        _write_history(folder / "sales.csv", lines=given.lines, seed=given.seed)
        _write_masters(folder)
        company_id = found_company(code="B", name="Bench", currency="USD", language="en", by=SYSTEM, at=now())
        for kind in ("branches", "customers", "products"):
            start = time.perf_counter()
            batch = import_file(
                path=folder / f"{kind}.csv", kind=kind, company_id=company_id, dry_run=False, at=now(), by=SYSTEM
            )
            assert batch.status == "done", (batch.failure, batch.findings[:3])
            _say(f"{kind}: {batch.rows:,} rows, {batch.rows / (time.perf_counter() - start):,.0f} a second")
        floor = machine_floor(admin_url())
        start = time.perf_counter()
        batch = import_file(
            path=folder / "sales.csv", kind="sales", company_id=company_id, dry_run=False, at=now(), by=SYSTEM
        )
        spent = time.perf_counter() - start
        assert batch.status == "done", (batch.failure, batch.findings[:3])
        assert batch.counts["lines"] == given.lines
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _say(f"sales: {given.lines:,} lines in {spent:.1f} s, {batch.counts['not_positive']:,} of them not positive")
    report("import", {"lines_per_s": given.lines / spent, "seconds": spent, "peak_mb": peak}, floor)

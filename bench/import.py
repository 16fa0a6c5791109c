"""Moving sales history in: a CSV of a year's receipts through the whole import, in a scratch database.

The file is drawn from a seed: real retail has about ten lines a receipt, most products rarely, some quantities of zero.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench._floor import machine_floor
from bench._history import write_history, write_masters
from bench._report import report
from bench._scratch import scratch


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


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
        write_history(folder / "sales.csv", lines=given.lines, seed=given.seed)
        write_masters(folder)
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

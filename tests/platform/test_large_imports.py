"""A large file by the command line: a real process with real memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from niaga.imports.models import ImportBatch
from niaga.imports.tests.makers import make_company
from tests.platform.test_up import ROOT

pytestmark = pytest.mark.platform
MEASURED = r"""
import re, runpy, sys
sys.argv[0] = "niaga"
try:
    runpy.run_module("niaga", run_name="__main__")
finally:
    # Not ru_maxrss: a child begins with what its parent had.
    print("peak", re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
"""


def peak_of_dry_run(path: Path) -> int:
    """Megabytes that the process took at its most."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", str(path), "--kind", "sales", "--dry-run"],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stderr.split("peak ")[-1]) // 1024


def write_history(path: Path, *, lines: int) -> Path:
    """Lines as fat as a file with remarks has them."""
    remark = "x" * 480
    with path.open("w") as file:
        file.write("nomor,tanggal,sku,qty,total,catatan kasir\n")
        file.writelines(f"S{n // 10},2019-03-14 10:25,P{n % 50},1,{n % 1000},{remark}\n" for n in range(lines))
    return path


@pytest.mark.django_db(transaction=True)
def test_a_file_of_sixty_megabytes_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    make_company()
    small = write_history(tmp_path / "small.csv", lines=10_000)
    large = write_history(tmp_path / "large.csv", lines=120_000)
    assert large.stat().st_size > 60_000_000

    little, much = peak_of_dry_run(small), peak_of_dry_run(large)

    assert much - little < 40, (little, much)
    assert ImportBatch.objects.latest("created_at").rows == 120_000

"""Imports whose process, worker or database dies in the midst: real processes, real kills."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.db import OperationalError, connection
from procrastinate.exceptions import AlreadyEnqueued

from niaga.config.embedded import Embedded
from niaga.config.environment import APP, DATABASE
from niaga.config.jobs import retry_abandoned_jobs
from niaga.imports.models import ImportBatch
from niaga.imports.queries.running import is_cut_off, is_running
from niaga.imports.services.close_cut_off_imports import close_cut_off_imports
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.import_file import import_file
from niaga.imports.services.queue_import import queue_import
from niaga.imports.services.receive_upload import receive_upload
from niaga.imports.services.run_import import MOST_ATTEMPTS, run_import
from niaga.imports.tests.makers import AT, make_company
from niaga.imports.wording import CUT_OFF, CUT_OFF_OFTEN
from niaga.organization.access import SYSTEM
from niaga.sales.models import HistoricalSale, HistoricalSaleLine
from tests.platform.prepared import prepared_data
from tests.platform.test_up import ROOT, Niaga, free_port, run_shell, surroundings, wait_until

pytestmark = pytest.mark.platform
LINES = 40_000


def write_history(path: Path) -> Path:
    with path.open("w") as file:
        file.write("nomor,tanggal,sku,qty,total\n")
        file.writelines(f"S{n // 10},2019-03-14 10:25,P{n % 50},1,{n % 1000}\n" for n in range(LINES))
    return path


def start(*words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "niaga", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def nothing_is_written() -> bool:
    return not HistoricalSale.objects.exists() and not HistoricalSaleLine.objects.exists()


def the_batch() -> ImportBatch:
    return ImportBatch.objects.latest("created_at")


def is_at_work() -> bool:
    batch = ImportBatch.objects.order_by("-created_at").first()
    return batch is not None and is_running(batch.pk)


def look_for_abandoned_jobs() -> None:
    """Do now what is done every minute."""
    with suppress(AlreadyEnqueued):  # the minute has just turned
        retry_abandoned_jobs.defer(timestamp=0)


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_of_the_command_line_wrote_nothing_says_so_and_runs_again(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    company, path = make_company(), write_history(tmp_path / "sales.csv")
    process = start("import", str(path), "--kind", "sales")
    wait_until(is_at_work, 60)

    kill(process)

    wait_until(lambda: not is_at_work(), 60)
    cut_off = the_batch()
    assert (cut_off.status, nothing_is_written()) == ("running", True)
    assert close_cut_off_imports(at=AT, beginning=0) == 1
    cut_off.refresh_from_db()
    assert (cut_off.status, cut_off.failure) == ("failed", CUT_OFF)
    again = import_file(path=path, kind="sales", company_id=company.pk, dry_run=False, at=AT)
    assert (again.status, again.counts["lines"]) == ("done", LINES)
    assert HistoricalSaleLine.objects.count() == LINES


@pytest.mark.django_db(transaction=True)
def test_the_import_of_a_killed_worker_is_begun_again_by_the_next(tmp_path: Path) -> None:
    company, path = make_company(), write_history(tmp_path / "sales.csv")
    with path.open("rb") as file:
        batch = receive_upload(
            company_id=company.pk, chunks=iter(lambda: file.read(2**20), b""), file_name="sales.csv", kind="sales",
            by=SYSTEM, at=AT,
        )  # fmt: skip
    first = start("work")
    queue_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT, language="en")
    wait_until(is_at_work, 90)

    kill(first)

    wait_until(lambda: not is_at_work(), 60)
    ImportBatch.objects.filter(pk=batch.pk).update(begun_at="2020-01-01T00:00:00Z")  # as if a minute had gone by
    batch.refresh_from_db()
    assert (batch.status, is_cut_off(batch), nothing_is_written()) == ("running", True, True)
    assert close_cut_off_imports(at=AT) == 0  # its job still stands
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    look_for_abandoned_jobs()
    second = start("work")
    try:
        wait_until(lambda: the_batch().status == "done", 120)
    finally:
        kill(second)
        shutil.rmtree(path_of(batch.source_file).parent)
    assert (the_batch().attempts, HistoricalSaleLine.objects.count()) == (2, LINES)


@pytest.mark.django_db
def test_an_import_that_kills_every_process_is_given_up_and_can_be_queued_again(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    company = make_company()
    text = b"nomor,tanggal,sku,qty,total\nS1,2019-03-14,P1,1,1000\n"
    batch = receive_upload(
        company_id=company.pk, chunks=[text], file_name="a.csv", kind="sales", by=SYSTEM, at=AT
    )  # fmt: skip
    queue_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT, language="en")

    def die(_rows: int) -> None:
        raise OperationalError("the connection is lost")

    for _time in range(MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            run_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT, said=die)
    given_up = run_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT)

    assert (given_up.status, given_up.failure, nothing_is_written()) == ("failed", CUT_OFF_OFTEN, True)
    queue_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT, language="en")
    assert run_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT).status == "done"


@pytest.fixture(scope="module")
def niaga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Niaga]:
    """A Niaga with a database of its own, which may be killed."""
    running = Niaga(prepared_data(tmp_path_factory, "imports"), free_port())
    running.up()
    yield running
    if running.process is not None and running.process.poll() is None:
        running.stop()
    for process in psutil.process_iter():
        if running.owns(process):
            process.kill()


def shell(niaga: Niaga, code: str) -> str:
    return run_shell(niaga.data, code)


def ask(niaga: Niaga, sql: str) -> Any:
    """The first value of a query on the other Niaga's database; None while it does not answer."""
    try:
        with psycopg.connect(Embedded(niaga.data).url(user=APP, database=DATABASE)) as other:
            row = other.execute(sql).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None
    except psycopg.OperationalError:
        return None


_LINES = "SELECT count(*) FROM sales_historicalsaleline"
_AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE '%import_stage%' AND pid <> pg_backend_pid()"
_STATE = "SELECT status || ' ' || failure FROM imports_importbatch ORDER BY id DESC LIMIT 1"


def kill_database(niaga: Niaga) -> None:
    """Kill the server in the midst of an import, and wait until the supervisor has it up again."""
    before = niaga.postmaster()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: niaga.postmaster_or_none() not in (None, before), 60)
    wait_until(lambda: ask(niaga, "SELECT 1") == 1, 60)


def test_a_database_killed_in_the_midst_of_a_command_is_said_and_nothing_is_written(
    niaga: Niaga, tmp_path: Path
) -> None:
    path = write_history(tmp_path / "sales.csv")
    shell(niaga, "from niaga.imports.tests.makers import make_company; make_company()")
    process = subprocess.Popen(
        [sys.executable, "-m", "niaga", "import", str(path), "--kind", "sales"],
        cwd=ROOT, env=surroundings(niaga.data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    wait_until(lambda: bool(ask(niaga, _AT_WORK)), 60)

    kill_database(niaga)

    said, _none = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "nothing was written. Run it again." in said
    assert ask(niaga, _LINES) == 0
    assert ask(niaga, _STATE) == f"failed {CUT_OFF}"


def test_a_database_killed_in_the_midst_of_a_job_only_delays_the_import(niaga: Niaga, tmp_path: Path) -> None:
    path = write_history(tmp_path / "sales.csv")
    code = f"""
from pathlib import Path
from niaga.imports.queries.companies import company_by_code
from niaga.imports.services.queue_import import queue_import
from niaga.imports.services.receive_upload import receive_upload
from niaga.imports.tests.makers import AT
from niaga.organization.access import SYSTEM
batch = receive_upload(company_id=company_by_code(""), chunks=[Path({str(path)!r}).read_bytes()], file_name="sales.csv",
                       kind="sales", by=SYSTEM, at=AT)
queue_import(batch_id=batch.pk, dry_run=False, by=SYSTEM, at=AT, language="en")
"""
    shell(niaga, code)
    wait_until(lambda: bool(ask(niaga, _AT_WORK)), 60)

    kill_database(niaga)

    assert ask(niaga, _LINES) == 0
    wait_until(lambda: niaga.health() == 200, 90)
    shell(
        niaga,
        "from django.db import connection; from tests.platform.test_imports import look_for_abandoned_jobs\n"
        "connection.cursor().execute(\"UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
        " WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = 'imports')\")\n"
        "look_for_abandoned_jobs()",
    )
    wait_until(lambda: ask(niaga, _STATE) == "done ", 180)
    assert ask(niaga, _LINES) == LINES

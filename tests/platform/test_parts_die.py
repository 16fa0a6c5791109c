"""Parts that die in the middle of a request, and starts that cannot be: nothing half-written, and words that help."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from niaga.config.embedded import SUPERUSER, Embedded
from tests.platform.prepared import prepared_data
from tests.platform.test_up import ROOT, Niaga, free_port, patience, run_shell, surroundings, wait_until

pytestmark = pytest.mark.platform

FOUND = """
from niaga.core.clock import now
from niaga.imports.services.found_company import found_company
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
company_id = found_company(code="UJI", name="PT Uji", city="Surabaya", by=SYSTEM, at=now())
user = create_user(username="uji", name="Uji", password_hash="!", by=SYSTEM, at=now())
grant_role(user_id=user.id, company_id=company_id, role="owner", by=SYSTEM, at=now())
print(create_token(user_id=user.id, name="test", by=SYSTEM, at=now()).text)
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Niaga, str]]:
    """Niaga at work, and the token of its owner."""
    niaga = Niaga(prepared_data(tmp_path_factory, "parts"), free_port())
    niaga.up()
    yield niaga, run_shell(niaga.data, FOUND).split()[-1]
    if niaga.process is not None and niaga.process.poll() is None:
        niaga.stop()


def send(niaga: Niaga, token: str, key: str) -> tuple[int, dict[str, Any]]:
    """Create a customer; 0 when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", niaga.port, timeout=60 * patience())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    try:
        connection.request("POST", "/api/v1/customers", json.dumps({"name": key}), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


@contextmanager
def in_the_middle(niaga: Niaga, token: str, key: str) -> Iterator[Future[tuple[int, dict[str, Any]]]]:
    """A request that has begun its transaction and waits for a table that somebody else holds."""
    url = Embedded(niaga.data).url(user=SUPERUSER, database="niaga")
    holder, watcher = psycopg.connect(url), psycopg.connect(url, autocommit=True)
    holder.execute("LOCK TABLE parties_customer IN ACCESS EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as thread:
        request = thread.submit(send, niaga, token, key)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'niaga_app'"
        wait_until(lambda: watcher.execute(waiting).fetchone() != (0,), 30)
        yield request
    for connection in (holder, watcher):
        connection.close()


def customers(niaga: Niaga, name: str) -> int:
    url = Embedded(niaga.data).url(user=SUPERUSER, database="niaga")
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM parties_customer WHERE name = %s", [name]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_database_that_dies_in_a_request_is_said_and_the_next_request_does_the_deed(
    running: tuple[Niaga, str],
) -> None:
    niaga, token = running
    before = niaga.postmaster()

    with in_the_middle(niaga, token, "Toko Basis") as request:
        os.kill(before, signal.SIGKILL)
        status, problem = request.result(60 * patience())

    assert (status, problem["code"]) == (503, "unavailable")
    wait_until(lambda: niaga.postmaster_or_none() not in (None, before) and niaga.health() == 200, 60)
    assert customers(niaga, "Toko Basis") == 0
    assert send(niaga, token, "Toko Basis")[0] == 201
    assert send(niaga, token, "Toko Basis")[0] == 201
    assert customers(niaga, "Toko Basis") == 1


def test_a_web_process_killed_in_a_request_leaves_nothing_and_the_same_key_does_the_deed_once(
    running: tuple[Niaga, str],
) -> None:
    niaga, token = running

    with in_the_middle(niaga, token, "Toko Web") as request:
        web = niaga.child("granian")
        for process in [web, *web.children(recursive=True)]:
            process.kill()
        assert request.result(60 * patience()) == (0, {})

    wait_until(lambda: niaga.health() == 200, 60)
    assert customers(niaga, "Toko Web") == 0
    wait_until(lambda: send(niaga, token, "Toko Web")[0] == 201, 30)
    assert customers(niaga, "Toko Web") == 1


def start(data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "niaga", "up"],
        cwd=ROOT, env={**surroundings(data), "PORT": str(free_port()), "NIAGA_DEMO": "0", **environment},
        capture_output=True, text=True, timeout=60 * patience(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:p@127.0.0.1/niaga", "DATABASE_URL must name a PostgreSQL database"),
        ("nonsense", "DATABASE_URL must name a PostgreSQL database"),
        ("postgresql://nobody:x@127.0.0.1:1/none", "The database does not answer"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(tmp_path: Path, url: str, words: str) -> None:
    done = start(tmp_path, DATABASE_URL=url)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    done = start(tmp_path / "file" / "data")

    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_fsync_is_refused(running: tuple[Niaga, str]) -> None:
    niaga, _token = running
    niaga.stop()
    settings = niaga.data / "postgres" / "postgresql.auto.conf"
    settings.write_text(f"{settings.read_text()}\nfsync = off\n")

    refused = start(niaga.data)

    assert refused.returncode == 1
    assert "fsync=off" in refused.stderr

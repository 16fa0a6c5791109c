"""`niaga up` with real processes and real kills: it starts, recovers from whatever is killed, and leaves nothing."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from bench.start import seconds_to_load

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.platform


def surroundings(data: Path) -> dict[str, str]:
    """The environment of a person at a shell, with this data folder: not pointed elsewhere by a test before."""
    own = ("NIAGA_", "DATABASE_URL", "MAKE")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)}, "NIAGA_DATA": str(data)
    }  # fmt: skip


@dataclass
class Niaga:
    """One data folder and port, and the supervisor that was last started on them."""

    data: Path
    port: int
    process: subprocess.Popen[str] | None = None
    lines: list[str] = None  # type: ignore[assignment]

    def up(self, **environment: str) -> float:
        """Start and wait until it says that it is ready. Returns the seconds that took."""
        if self.process is not None and self.process.poll() is None:
            self.stop()  # a test before failed while it ran
        started = time.monotonic()
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "niaga", "up"],
            cwd=ROOT,
            env={**surroundings(self.data), "PORT": str(self.port), "NIAGA_DEMO": "0", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        try:
            wait_until(lambda: self.says("Niaga is ready at http://") or self.process.poll() is not None, 90)
        except AssertionError:
            pass
        assert self.says("Niaga is ready"), "".join(self.lines)
        return time.monotonic() - started

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def says(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5 * patience())
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(60)

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        return next(process for process in self.children() if word in words_of(process))

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])

    def postmaster_or_none(self) -> int | None:
        try:
            return self.postmaster()
        except (OSError, IndexError):
            return None

    def left_over(self) -> list[str]:
        """Processes that belong to this data folder or port."""
        return [" ".join(words_of(process)) for process in psutil.process_iter() if self.owns(process)]

    def owns(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("NIAGA_DATA") == str(self.data) or str(self.data) in " ".join(
                process.cmdline()
            )
        except psutil.Error:
            return False


def run_shell(data: Path, code: str) -> str:
    """What a piece of Python prints that runs as the Niaga of this folder."""
    done = subprocess.run(
        [sys.executable, "-m", "niaga", "shell", "-v", "0", "-c", code],
        cwd=ROOT, env=surroundings(data), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def words_of(process: psutil.Process) -> list[str]:
    """The command line; none of a process that is just ending."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def patience() -> float:
    """1 on a machine that has nothing else to do, more on a busy one: times are those of a free machine."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds * patience()
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def niaga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Niaga]:
    running = Niaga(tmp_path_factory.mktemp("up") / "data", free_port())
    yield running
    if running.process is not None and running.process.poll() is None:
        running.stop()
    for process in psutil.process_iter():
        if running.owns(process):
            process.kill()


def test_it_starts_from_nothing_and_a_second_start_is_quick(niaga: Niaga) -> None:
    niaga.up()
    assert niaga.health() == 200

    niaga.stop(signal.SIGINT)
    assert niaga.says("Niaga has stopped.")
    assert niaga.left_over() == []

    seconds = niaga.up()
    assert seconds < max(10, 7 * seconds_to_load(surroundings(niaga.data)))
    niaga.stop(signal.SIGTERM)
    assert niaga.left_over() == []


def test_a_second_niaga_on_the_same_data_is_refused_and_harms_nothing(niaga: Niaga) -> None:
    niaga.up()

    second = subprocess.run(
        [sys.executable, "-m", "niaga", "up"],
        cwd=ROOT,
        env={**surroundings(niaga.data), "PORT": str(free_port())},
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert "is running already" in second.stderr
    assert niaga.health() == 200


@pytest.mark.parametrize("victim", ["granian", "work"])
def test_a_killed_child_is_started_again(niaga: Niaga, victim: str) -> None:
    before = niaga.child(victim).pid

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: any(victim in words_of(child) and child.pid != before for child in niaga.children()), 15)
    wait_until(lambda: niaga.health() == 200, 40)


def test_a_killed_database_is_started_again_and_everything_recovers(niaga: Niaga) -> None:
    before = niaga.postmaster()

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: niaga.postmaster_or_none() not in (None, before), 20)
    wait_until(lambda: niaga.health() == 200, 60)


def test_after_the_supervisor_is_killed_its_children_are_gone_and_the_next_start_takes_over(niaga: Niaga) -> None:
    # A database that was just started again is a child until `pg_ctl` ends; then it is nobody's, and outlives us all.
    wait_until(lambda: not any("pg_ctl" in " ".join(words_of(child)) for child in niaga.children()), 60)
    children = [child.pid for child in niaga.children()]
    assert niaga.process is not None

    os.kill(niaga.process.pid, signal.SIGKILL)
    niaga.process.wait(10)

    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in children), 60)
    assert niaga.health() == 0
    assert niaga.up() < 15 * patience()
    assert niaga.health() == 200


def test_after_everything_is_killed_at_once_the_next_start_recovers(niaga: Niaga) -> None:
    assert niaga.process is not None
    victims = [niaga.process.pid, niaga.postmaster(), *(child.pid for child in niaga.children())]

    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    niaga.process.wait(10)

    niaga.up()
    assert niaga.health() == 200


def test_a_stale_pid_file_whose_number_belongs_to_another_program_does_not_stop_the_start(niaga: Niaga) -> None:
    niaga.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (niaga.data / "postgres" / "postmaster.pid").write_text(
            f"{stranger.pid}\n{niaga.data}/postgres\n0\n5432\n\n\n\nready\n"
        )

        niaga.up()

        assert niaga.health() == 200
        assert stranger.poll() is None
        stranger.kill()


def test_a_port_that_is_taken_is_named(niaga: Niaga, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        done = subprocess.run(
            [sys.executable, "-m", "niaga", "up"],
            cwd=ROOT,
            env={**surroundings(tmp_path / "data"), "PORT": str(taken.getsockname()[1])},
            capture_output=True,
            text=True,
        )

    assert done.returncode == 1
    assert "cannot be used" in done.stderr


def test_a_command_starts_the_database_it_needs_and_leaves_a_running_one_alone(niaga: Niaga) -> None:
    environment = surroundings(niaga.data)
    command = [sys.executable, "-m", "niaga", "shell", "-v", "0", "-c"]
    text = "from django.db import connection; print(connection.cursor().execute('SELECT current_user').fetchone()[0])"

    beside = subprocess.run([*command, text], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert beside.stdout.split()[-1] == "niaga_app"
    assert niaga.health() == 200

    niaga.stop()
    alone = subprocess.run([*command, text], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert alone.stdout.split()[-1] == "niaga_app"
    assert niaga.left_over() == []


def test_secrets_are_made_once_and_readable_by_the_owner_alone(niaga: Niaga) -> None:
    key = niaga.data / "secret_key"

    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_text()) > 50
    assert json.loads((niaga.data / "demo-log-ins.json").read_text()) == []

"""`niaga up`: database, migrations, demo, then web and worker, watched until somebody asks to stop.

Every child dies with this process (the kernel sees to it), a crashed one is started again with growing pauses, and
whatever a `kill -9` leaves behind is found and taken over by the next start. Free of Django: it must stay small.
"""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from niaga.config import database, embedded
from niaga.config.environment import data_folder, host, port
from niaga.config.process import Make, command, die_with_parent

READY_SECONDS = 90
GRACE_SECONDS = 15
HEALTHY_SECONDS = 30
"""A child that lived this long starts with a clean slate."""
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the children in order
            env={**os.environ, "NIAGA_SUPERVISED": "1", "PYTHONUNBUFFERED": "1"},
        )

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, deadline: float) -> None:
        """Wait for the child to end by itself, and kill its whole session at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


@dataclass
class Supervisor:
    """The running product."""

    children: list[Child]
    make: Make = field(default_factory=Make)
    asked: threading.Event = field(default_factory=threading.Event)

    def ask_to_stop(self, _number: int = 0, _frame: object = None) -> None:
        self.asked.set()

    def run(self) -> None:
        """Start everything and return when asked to stop, with everything stopped."""
        started = time.monotonic()
        try:
            for child in self.children:
                child.start()
            announced = False
            while not self.asked.wait(0.1 if not announced else 0.5):
                if self.make.wants_us_to_stop():
                    break
                self._restart_what_ended()
                if not announced and _answers():
                    _announce(time.monotonic() - started)
                    announced = True
                elif not announced and time.monotonic() - started > READY_SECONDS:
                    raise SystemExit(f"Niaga did not become ready within {READY_SECONDS} s; the lines above say why.")
        finally:
            self._stop_all()

    def _restart_what_ended(self) -> None:
        now = time.monotonic()
        if database.is_embedded() and embedded.postmaster(database.server()) is None:
            say("The database stopped; starting it again.")
            try:
                embedded.start(database.server())
            except embedded.DatabaseUnavailable as error:
                say(str(error))
        for child in self.children:
            if not child.ended():
                continue
            assert child.process is not None
            if not child.again_at:
                child.failures = 1 if now - child.started > HEALTHY_SECONDS else child.failures + 1
                pause = min(LONGEST_PAUSE, 0.25 * 2 ** (child.failures - 1))
                child.again_at = now + pause
                status = child.process.returncode
                say(f"The {child.name} process ended (status {status}); starting it again in {pause:g} s.")
            elif now >= child.again_at:
                child.again_at = 0.0
                child.start()

    def _stop_all(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.stop(deadline)


def say(text: str) -> None:
    """One line to whoever watches; a closed terminal is no reason to fall over."""
    try:
        print(text, flush=True)
    except OSError:
        pass


def _web() -> Child:
    processes = os.environ.get("NIAGA_WEB_PROCESSES") or str(min(4, os.cpu_count() or 1))
    words = [
        *("--interface", "asgi", "--host", host(), "--port", str(port()), "--workers", processes),
        *("--no-ws", "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"),
        *("--backlog", "1024", "--log-level", "warning", "--runtime-mode", "st"),
    ]
    return Child("web", command("granian", *words, "niaga.config.asgi:application"))


def _worker() -> Child:
    return Child("worker", command("niaga", "work"))


def _answers() -> bool:
    """Whether the product is up: web, database and worker."""
    connection = http.client.HTTPConnection(_local_host(), port(), timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _local_host() -> str:
    return "127.0.0.1" if host() in ("0.0.0.0", "::", "") else host()


def _announce(seconds: float) -> None:
    say(f"Niaga is ready at http://{_local_host()}:{port()}")
    try:
        people = json.loads((data_folder() / "demo-log-ins.json").read_text())
    except (OSError, ValueError):
        people = []
    if people:
        say("\nDemo log-ins:")
        for person in people:
            say(f"  {person['role']:<16} {person['username']:<14} {person['password']:<14} {person['name']}")
        say("")
    say("Ctrl-C stops it.")


def _check_port() -> None:
    with socket.socket(socket.AF_INET6 if ":" in host() else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        deadline = time.monotonic() + 5  # the children of a killed start may need a moment to let go
        while True:
            try:
                probe.bind((host(), port()))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise SystemExit(
                        f"Port {port()} cannot be used ({error.strerror}). Choose another: PORT=8001 make up"
                    ) from error
                time.sleep(0.2)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """At most one Niaga per data folder; the kernel frees the place of a killed one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "up.lock").open("a+")
    except OSError as error:
        raise SystemExit(
            f"The data folder {folder} cannot be written ({error.strerror})."
            " Let this user write there, or choose another: NIAGA_DATA=/path make up"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SystemExit(f"Niaga is running already on {folder}: {lock.read().strip()}") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()}, http://{_local_host()}:{port()}")
        lock.flush()
        yield


def _prepare_in_own_process(supervisor: Supervisor) -> None:
    """Migrations, rights, demo: in a process that gives its memory back."""
    child = subprocess.Popen(command("niaga", "prepare"), stdin=subprocess.DEVNULL)
    try:
        status = child.wait()
    except BaseException:
        child.terminate()
        child.wait(GRACE_SECONDS)
        raise
    if status and not supervisor.asked.is_set():
        raise SystemExit(status if status > 0 else 1)


def up() -> None:
    """Run the product until SIGINT or SIGTERM.

    :raises SystemExit: it cannot start; the text says why and what to do
    """
    if os.environ.get("MAKELEVEL"):
        die_with_parent(number=signal.SIGTERM)  # a killed `make` takes its Niaga with it
    supervisor = Supervisor([_web(), _worker()])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    try:
        with _alone(data_folder()):
            _check_port()
            with database.available():
                if not supervisor.asked.is_set():
                    _prepare_in_own_process(supervisor)
                if not supervisor.asked.is_set():
                    supervisor.run()
    except (embedded.DatabaseUnavailable, database.UnfitDatabase) as error:
        raise SystemExit(str(error)) from error
    say("Niaga has stopped.")

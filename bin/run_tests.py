"""The one door for tests: every check, every test, the scenarios again on the oldest PostgreSQL supported."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
WORKERS = str(max(2, min(4, os.cpu_count() or 2)))


@dataclass
class Part:
    """One section: a command, or a function that runs some. `needs` names a system program it cannot do without;
    `beside` the suite that mostly waits, while which this one runs."""

    name: str
    command: list[str] | Callable[["Part"], int]
    alone: bool = False
    needs: str = ""
    beside: str = ""
    seconds: float = 0.0
    status: int | None = None
    output: str = ""
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def tool(name: str, *words: str) -> list[str]:
    return [str(BIN / name), *words]


def pytest(*words: str) -> list[str]:
    return [str(BIN / "python"), "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal", *words]


def parts() -> list[Part]:
    niaga = [str(BIN / "python"), "-m", "niaga"]
    return [
        Part("ruff", tool("ruff", "check", ".")),
        Part("format", tool("ruff", "format", "--check", ".")),
        Part("imports", tool("lint-imports", "--config", "tests/architecture/contracts.toml", "--no-logo")),
        Part("djlint", tool("djlint", "niaga", "--lint", "--quiet")),
        Part("translations", [str(BIN / "python"), "bin/translations.py"]),
        Part("migrations", [*niaga, "makemigrations", "--check", "--dry-run"]),
        Part("types in the front end", [str(BIN / "python"), "bin/build.py", "types"]),
        Part("mypy", tool("mypy")),
        Part("pytest", pytest("-m", "not browser and not platform"), alone=True),
        # A module of these has a Niaga of its own, which its tests start and kill one after another.
        Part("platform", pytest("--dist", "loadfile", "-m", "platform", "tests/platform"), alone=True),
        Part("browser", pytest("-m", "browser", "tests/browser"), alone=True, needs="chromium-headless-shell"),
        Part("scenarios on PostgreSQL 15", on_postgresql_15, alone=True, needs="postgresql-15", beside="platform"),
    ]


# --- what the system must have ---------------------------------------------------------------------------------------


def headless_shell() -> str | None:
    """Chromium without a window: the same engine, for a third less of the processor than the whole browser."""
    return shutil.which("chromium-headless-shell")


def postgresql_15() -> Path | None:
    """The programs of Debian's PostgreSQL 15."""
    folder = Path("/usr/lib/postgresql/15/bin")
    return folder if (folder / "initdb").exists() else None


def install_missing(chosen: list[Part]) -> None:
    """Get what the chosen parts need by apt, where that is allowed; else say what is missing."""
    have = {"chromium-headless-shell": headless_shell, "postgresql-15": postgresql_15}
    missing = sorted({part.needs for part in chosen if part.needs and have[part.needs]() is None})
    if not missing:
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        heading(f"apt-get install {' '.join(missing)}")
        quiet = Path("/etc/postgresql-common/createcluster.conf")
        if "postgresql-15" in missing and not quiet.exists():  # no automatic main cluster
            quiet.parent.mkdir(parents=True, exist_ok=True)
            quiet.write_text("create_main_cluster = false\n")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=environment, stdin=subprocess.DEVNULL)
        subprocess.run(
            [apt, "install", "-y", "-qq", "--no-install-recommends", *missing],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    for part in chosen:
        if part.needs and have[part.needs]() is None:
            part.note = f"needs {part.needs}: apt-get install {part.needs}"
            part.status = 1 if CI else 0
            print(f"{part.name}: not run; {part.note}", flush=True)


# --- the second database ---------------------------------------------------------------------------------------------


@contextmanager
def cluster() -> Iterator[str]:
    """A PostgreSQL 15 of our own on a free port; yields its URL. It refuses root, so then it runs as `postgres`."""
    programs = postgresql_15()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="niaga-pg15-", dir="/tmp"))
    who: dict[str, object] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*words: str) -> None:
        done = subprocess.run(
            [str(programs / words[0]), *words[1:]],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **who,  # type: ignore[call-overload]
        )
        if done.returncode:
            log = folder / "log"
            raise SystemExit(f"{words[0]} failed:\n{log.read_text() if log.exists() else ''}")

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c synchronous_commit=off -c shared_buffers=256MB"
        )
        run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/niaga"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def on_postgresql_15(part: Part) -> int:
    with cluster() as url:
        return run_counted(part, pytest("tests/scenarios"), {"DATABASE_URL": url})


# --- running ---------------------------------------------------------------------------------------------------------


def heading(text: str) -> None:
    print(f"\n=== {text} {'=' * max(3, 100 - len(text))}", flush=True)


def run_captured(part: Part) -> None:
    started = time.monotonic()
    assert isinstance(part.command, list)
    done = subprocess.run(
        part.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    part.status, part.output, part.seconds = done.returncode, done.stdout, time.monotonic() - started


@dataclass
class Screen:
    """Prints whole sections, one at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, part: Part) -> None:
        with self.lock:
            verdict = "ok" if part.status == 0 else "FAILED"
            heading(f"{part.name}: {verdict} in {part.seconds:.0f} s")
            if part.status:
                print(part.output.rstrip()[-20_000:], flush=True)


def run_together(chosen: list[Part]) -> None:
    """The checks, two at a time."""
    waiting, screen = list(chosen), Screen()

    def work() -> None:
        while True:
            try:
                part = waiting.pop()
            except IndexError:
                return
            run_captured(part)
            screen.show(part)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


CLOSING = re.compile(r"^(?:=+ )?(\d+ (?:passed|failed|skipped|deselected|errors?|xfailed|warnings?)\b.*) in [\d.]+s")


def run_counted(part: Part, command: list[str], more: dict[str, str] | None = None) -> int:
    """Run pytest, show what it prints as it comes (with `beside`, keep it), and the counts of its closing line."""
    coloured = ["--color=yes"] if sys.stdout.isatty() else []
    run = subprocess.Popen(
        [*command, *coloured],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, **(more or {})},
    )
    assert run.stdout is not None
    line = b""
    while chunk := run.stdout.read1(65536):  # type: ignore[attr-defined]
        if part.beside:
            part.output += chunk.decode(errors="replace")
        else:
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        *whole, line = (line + chunk).split(b"\n")
        for text in whole:
            if closing := CLOSING.match(re.sub(r"\x1b\[[\d;]*m", "", text.decode(errors="replace"))):
                part.counts = {word: int(count) for count, word in re.findall(r"(\d+) (\w+)", closing[1])}
    return run.wait()


def run_alone(part: Part, besides: list[Part]) -> None:
    """A suite, with its own output as it comes, and those that run beside it, with theirs at the end."""
    heading(" and ".join(one.name for one in (part, *besides)))
    threads = [threading.Thread(target=run_suite, args=[one]) for one in besides]
    for thread in threads:
        thread.start()
    run_suite(part)
    for thread in threads:
        thread.join()
    for one in besides:
        heading(one.name)
        print(one.output.rstrip(), flush=True)


def run_suite(part: Part) -> None:
    started = time.monotonic()
    part.status = part.command(part) if callable(part.command) else run_counted(part, part.command)
    if part.status == 5:  # pytest: nothing collected
        part.note, part.status = "no tests", 1 if CI else 0
    part.seconds = time.monotonic() - started


def tally(chosen: list[Part]) -> str:
    """The tests of all parts in one line."""
    total = {word: sum(part.counts.get(word, 0) for part in chosen) for word in ("passed", "failed", "skipped")}
    total["failed"] += sum(part.counts.get(word, 0) for part in chosen for word in ("error", "errors"))
    return ", ".join(f"{count} {word}" for word, count in total.items() if count or word != "skipped")


def main() -> int:
    everything = parts()
    names = sys.argv[1:]
    if names == ["--list"]:
        print("\n".join(part.name for part in everything))
        return 0
    unknown = set(names) - {part.name for part in everything}
    if unknown:
        print(f"No such part: {', '.join(sorted(unknown))}. bin/test --list names them.")
        return 2
    chosen = [part for part in everything if not names or part.name in names]
    # Else every process of every part would compile all the tests anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    install_missing(chosen)
    # pytest closes its shared folder whenever it starts, on the databases another user runs in it for other tests too.
    with tempfile.TemporaryDirectory(prefix="niaga-tests-", ignore_cleanup_errors=True) as own:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = own
        run_together([part for part in reversed(chosen) if not part.alone])
        suites = [part for part in chosen if part.alone and part.status is None]
        for part in suites:
            if part.beside not in {one.name for one in suites}:
                part.beside = ""
        for part in suites:
            if not part.beside:
                run_alone(part, [one for one in suites if one.beside == part.name])
    heading(f"{len(chosen)} parts in {time.monotonic() - started:.0f} s")
    for part in chosen:
        verdict = "ok" if part.status == 0 and not part.note else ("skipped" if part.status == 0 else "FAILED")
        print(f"  {verdict:<8} {part.seconds:6.1f} s  {part.name}{f'  ({part.note})' if part.note else ''}")
    failed = [part.name for part in chosen if part.status]
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nAll parts are well.", flush=True)
    if any(part.counts for part in chosen):
        print(tally(chosen), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

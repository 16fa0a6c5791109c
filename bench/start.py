"""How long a second `niaga up` takes until it says that it is ready, on a data folder of its own.

    niaga bench start --runs 5

`load_s` is what loading the product takes one process at the same time: a start is a few of these (the preparation,
each web process and the worker, on the machine's cores), so `ratio` holds on a slow machine too.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench._floor import machine_floor
from bench._report import report
from bench._scratch import dsn, point_to, scratch

READY = "Niaga is ready"


def seconds_until_ready(surroundings: Mapping[str, str]) -> float:
    """Start, wait for the words, stop again.

    :raises SystemExit: it ended before it was ready
    """
    began = time.perf_counter()
    started = subprocess.Popen(
        [sys.executable, "-m", "niaga", "up"], env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    said = []
    for line in started.stdout:
        said.append(line)
        if READY in line:
            took = time.perf_counter() - began
            started.send_signal(signal.SIGTERM)
            started.communicate()
            return took
    raise SystemExit(f"It did not start:\n{''.join(said)}")


def seconds_to_load(surroundings: Mapping[str, str]) -> float:
    """What loading the product takes here and now. Each process of a start does it, so a start is a few of these."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import niaga.config.asgi"], env=surroundings, check=True)
    return time.perf_counter() - began


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench start", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(arguments)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="niaga-start-") as folder:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIAGA_", "DATABASE_URL"))}
        surroundings = kept | {"NIAGA_DATA": f"{folder}/data", "NIAGA_DEMO": "0", "PORT": port}
        first = seconds_until_ready(surroundings)
        second, load = [], []
        for _run in range(given.runs):
            load.append(seconds_to_load(surroundings))
            second.append(seconds_until_ready(surroundings))
    middle, loading = statistics.median(second), statistics.median(load)
    figures = {
        "runs": given.runs, "first_s": first, "second_p50_s": middle, "second_worst_s": max(second), "load_s": loading,
        "ratio": middle / loading,
    }  # fmt: skip
    with scratch() as name:
        point_to(name, role="owner")
        report("start", figures, machine_floor(dsn()))

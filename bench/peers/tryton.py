"""The whole chain of a 10-line sale in Tryton 8.2 and in Niaga, on the same PostgreSQL, in one run.

    niaga bench peers/tryton

Installs Tryton and its sale modules from PyPI into an environment of its own (kept for the next run), makes a scratch
database, sets up a company as Tryton's own scenarios do, and times quotation, confirmation, reservation, picking,
packing, shipment, posted invoice and payment. Both sides assert the end state: shipped and paid.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from bench._floor import machine_floor
from bench._report import report
from bench._scratch import dsn, point_to, scratch

SERIES = "8.2"
MODULES = (
    "company", "currency", "party", "product", "country", "account", "account_product", "account_invoice",
    "account_invoice_stock", "stock", "sale",
)  # fmt: skip
REQUIREMENTS = (
    f"trytond=={SERIES}.*",
    f"proteus=={SERIES}.*",
    *(f"trytond_{name}=={SERIES}.*" for name in MODULES),
    "psycopg[binary,pool]>=3.2",
)
TURNS_OF_NIAGA = 60


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench peers/tryton", description=__doc__)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5, help="of Tryton's chain, after one to warm up")
    given = parser.parse_args(arguments)
    python = _installed()
    tryton = _tryton(python, lines=given.lines, runs=given.runs)
    niaga, floor_ms = _niaga(lines=given.lines)
    niaga_p50, tryton_p50 = statistics.median(niaga), statistics.median(tryton)
    report(
        "peers/tryton",
        {
            "lines": given.lines, "niaga_p50_ms": niaga_p50, "tryton_p50_ms": tryton_p50,
            "times_faster": tryton_p50 / niaga_p50, "niaga_runs": len(niaga), "tryton_runs": len(tryton),
            "tryton": _version(python),
        },
        floor_ms,
    )  # fmt: skip


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _installed() -> Path:
    """The interpreter of Tryton's environment, made when it is not there yet."""
    from niaga.config.environment import ROOT, data_folder

    place = data_folder() / "peers" / "tryton"
    python, done = place / "bin" / "python", place / "installed"
    wanted = "\n".join(REQUIREMENTS)
    if done.exists() and done.read_text() == wanted and python.exists():
        return python
    _say(f"Installing Tryton {SERIES} from PyPI into {place}")
    place.parent.mkdir(parents=True, exist_ok=True)
    bootstrap = ROOT / ".bootstrap" / "bin" / "uv"
    if uv := shutil.which("uv") or (str(bootstrap) if bootstrap.exists() else None):
        quiet = {**os.environ, "VIRTUAL_ENV": ""}
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, place], check=True, env=quiet)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *REQUIREMENTS], check=True, env=quiet)
    else:
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *REQUIREMENTS], check=True)
    done.write_text(wanted)
    return python


def _version(python: Path) -> str:
    asked = [python, "-c", "import importlib.metadata as m; print(m.version('trytond'))"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def _tryton(python: Path, *, lines: int, runs: int) -> list[float]:
    """Milliseconds of each run of Tryton's chain."""
    with _database() as (name, uri):
        surroundings = {**os.environ, "TRYTOND_DATABASE_URI": uri, "PGTZ": "UTC"}
        password = python.parents[1] / "password"
        password.write_text("scratch-database-only")
        _say("Making Tryton's database")
        admin = [python.parent / "trytond-admin", "-d", name, "--all", "--email", "admin@localhost"]
        with_password = {**surroundings, "TRYTONPASSFILE": str(password)}
        subprocess.run(admin, check=True, env=with_password, stdout=subprocess.DEVNULL)
        chain = Path(__file__).with_name("_tryton_chain.py")
        words = [python, chain, "--lines", str(lines), "--runs", str(runs)]
        done = subprocess.run(words, env=surroundings, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit("Tryton's chain did not come to its end.")
        return [float(one) for one in json.loads(done.stdout.splitlines()[-1])["spent_ms"]]


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """An empty scratch database and the address by which libpq finds it; dropped at the end."""
    from niaga.config.database import admin_url

    name = f"niaga_bench_tryton_{os.getpid()}"
    at = {key: str(value) for key, value in psycopg.conninfo.conninfo_to_dict(admin_url("postgres")).items()}
    at.pop("dbname")
    user, password = at.pop("user", ""), at.pop("password", "")
    who = quote(user) + (f":{quote(password, safe='')}" if password else "") + "@" if user else ""
    uri = f"postgresql://{who}/{name}?{urlencode(at)}"
    with psycopg.connect(admin_url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield name, uri
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _niaga(*, lines: int) -> tuple[list[float], float]:
    """Milliseconds of each run of Niaga's flow, and the machine's floor."""
    from bench.order_to_cash import flow

    with scratch() as name:
        from bench._world import make_bench_world
        from niaga.invoicing.models import Invoice
        from niaga.sales.rules.lines import LineInput
        from niaga.stock.models import Delivery

        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        world = make_bench_world()
        world.person = world.owner  # type: ignore[attr-defined]
        dice = random.Random(11)
        spent = []
        for turn in range(TURNS_OF_NIAGA + 5):
            wanted = [LineInput(product_id=one, quantity=Decimal(2)) for one in dice.sample(world.products, lines)]
            start = time.perf_counter()
            flow(world, world.customers[turn % len(world.customers)], wanted)
            if turn >= 5:
                spent.append((time.perf_counter() - start) * 1000)
        assert Delivery.objects.filter(status="shipped").count() == TURNS_OF_NIAGA + 5
        assert Invoice.objects.filter(status="issued", balance__settled_at__isnull=False).count() == TURNS_OF_NIAGA + 5
    return spent, floor_ms

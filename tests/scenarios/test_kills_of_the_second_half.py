"""Real processes killed while they bill, collect, give back, book, move and answer: all of a deed or nothing.

`make test` kills a few; `make soak` sets `NIAGA_KILLS` and `NIAGA_SEED`.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from multiprocessing.connection import Connection

import pytest

from tests.promises import broken_promises
from tests.second_half import DEEDS, Place, make_place
from tests.servers.carrier import carrier_server

KILLS = int(os.environ.get("NIAGA_KILLS", "15"))
SEED = int(os.environ.get("NIAGA_SEED", "20261128"))

pytestmark = pytest.mark.django_db(transaction=True)
_processes = multiprocessing.get_context("fork")


def _work(place: Place, name: str, say: Connection) -> None:
    """A deed, told step by step; then another, as long as nobody kills it."""
    from django.db import connections

    connections.close_all()
    try:
        while True:
            for moment in DEEDS[name](place):
                say.send(moment)
            say.send("done")
    except BaseException as error:
        say.send(f"{type(error).__name__}: {error}")
    finally:
        os._exit(1)


def _kill_one(place: Place, name: str, steps: int, delay: float) -> str:
    """Let a process begin a deed, wait for its so-manieth step, and kill it within that. What it was doing; empty: it
    ended by itself."""
    from django.db import connections

    connections.close_all()
    hear, say = _processes.Pipe(duplex=False)
    worker = _processes.Process(target=_work, args=(place, name, say))
    worker.start()
    say.close()
    word = ""
    try:
        for _step in range(steps):
            assert hear.poll(120), f"{name} hangs after {word}"
            word = hear.recv()
            assert ":" not in word, f"{name}: {word}"
        time.sleep(delay)
    finally:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(30)
    while hear.poll():
        try:
            later = hear.recv()
        except EOFError:
            break
        assert ":" not in later, f"{name}: {later}"
    hear.close()
    return word if worker.exitcode == -signal.SIGKILL else ""


def _wait_for_the_server_to_notice() -> None:
    """Until no session of the killed is left: what they had not committed is then gone."""
    from django.db import connection

    deadline = time.monotonic() + 30
    left = 1
    while left and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            left = cursor.fetchone()[0]
        time.sleep(0.1)


def test_a_kill_in_the_middle_of_any_deed_of_the_second_half_leaves_every_promise_kept() -> None:
    dice = random.Random(SEED)
    with carrier_server() as fake:
        place = make_place(dice, fake.url)
        moments = {name: list(deed(place)) for name, deed in DEEDS.items()}
        killed: Counter[str] = Counter()
        names = list(DEEDS)

        for turn in range(KILLS):
            if turn % len(names) == 0:
                dice.shuffle(names)
            name = names[turn % len(names)]
            fake.answer = dice.choice(("ok", "never"))
            dice.random()
            killed[_kill_one(place, name, dice.randrange(len(moments[name])) + 1, dice.uniform(0, 0.04))] += 1

        _wait_for_the_server_to_notice()
        assert broken_promises() == [], f"seed {SEED}"
        within = {one for steps in moments.values() for one in steps}
        assert sum(killed[one] for one in within) == KILLS, "a worker ended by itself, or at no step of a deed"
        if KILLS >= 1_000:
            assert set(killed) == within
        assert max(fake.booked.values()) == 1, "a shipment was booked twice"

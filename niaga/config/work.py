"""The worker process: jobs in separate lanes, the relay of events, and the heartbeat that health asks for."""

import asyncio
import logging
import os
import signal
import socket
import time

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.psycopg_connector import PsycopgConnector

from niaga.config.database import direct_parameters
from niaga.config.relay import Relay

log = logging.getLogger(__name__)

LANES: list[tuple[str, list[str] | None, int]] = [
    ("events", ["events"], 2),
    ("mail", ["mail"], 2),
    ("gateways", ["gateways"], 2),
    ("housekeeping", ["housekeeping", "builtin"], 1),
    ("rest", None, 2),
]
"""Name, queues (None: all), jobs at once. A backlog in one lane leaves the others moving."""

LOOKS = 5.0
"""Seconds after which a lane looks for jobs by itself; the database wakes it for each new one."""
BEAT = 5.0
STALLED = 30.0
"""Seconds without a pass of the relay after which this worker no longer calls itself alive."""


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; running jobs get ten seconds to end."""
    asyncio.run(_work())


async def _work() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    relay = Relay()
    relay.start()
    # The workers fetch over a pool of their own; jobs that defer jobs do it on Django's connection, in its transaction.
    parameters = {**direct_parameters(), "prepare_threshold": None}
    workers = app.with_connector(PsycopgConnector(kwargs=parameters, min_size=1, max_size=2 * len(LANES) + 2))
    async with workers.open_async():
        lanes = [
            asyncio.create_task(
                workers.run_worker_async(
                    name=name,
                    queues=queues,  # type: ignore[arg-type]  # None means all
                    concurrency=at_once,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=10,
                    fetch_job_polling_interval=LOOKS,
                ),
                name=name,
            )
            for name, queues, at_once in LANES
        ]
        heart = asyncio.create_task(_beat(relay), name="heart")
        asked = asyncio.create_task(stop.wait())
        done, _pending = await asyncio.wait({asked, heart, *lanes}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        heart.cancel()
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, heart, asked, return_exceptions=True)
        await asyncio.to_thread(relay.stop)
        await sync_to_async(_leave)()
    if not stop.is_set():
        for task in done:
            failure = task.exception()
            log.error("Worker: %s ended: %s", task.get_name(), failure or "without reason")
        raise SystemExit(1)  # the supervisor starts it afresh


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


async def _beat(relay: Relay) -> None:
    """Write the heartbeat from the loop that runs the jobs: if it hangs, or the relay does, the heart stops."""
    while True:
        if relay.is_alive() and time.monotonic() - relay.last_pass < STALLED:
            try:
                await sync_to_async(_write_beat)()
            except Error as error:
                log.warning("Worker: no heartbeat (%s)", type(error).__name__)
        await asyncio.sleep(BEAT)


def _write_beat() -> None:
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_workerheartbeat (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [_name()],
        )


def _leave() -> None:
    """Take the heartbeat away, so that health knows at once."""
    try:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_workerheartbeat WHERE name = %s", [_name()])
    except Error:
        pass
    connection.close()

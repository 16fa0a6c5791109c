"""Delivers announced events: from the outbox table to the jobs of their subscribers, and to the pages that watch.

One transaction takes waiting rows, defers a job for each subscriber, marks the rows and notifies. So an event is lost
neither by a crash nor by a restart of the database, and a job exists once for each event and subscriber.
"""

import json
import logging
import threading
import time
from typing import Any
from uuid import UUID

from django.db import Error, close_old_connections, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from niaga.config.live import CHANNEL
from niaga.config.subscriptions import SUBSCRIPTIONS
from niaga.core.registry import touched_by

log = logging.getLogger(__name__)

INTERVAL = 0.2
BATCH = 500
QUEUE = "events"
_TURN = 7_411_001
"""Advisory lock: one relay delivers at a time, so that events keep their order."""

_COLUMNS = ("id", "company_id", "kind", "subject_kind", "subject_id", "payload", "at", "actor_id")
_WAITING = f"""
    SELECT {", ".join(_COLUMNS)} FROM core_outboxevent
    WHERE delivered_at IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def facts(row: dict[str, Any]) -> dict[str, Any]:
    """An event as its subscribers get it: ids as text, `at` as ISO 8601, `payload` as the event's own fields."""
    return {
        name: value
        if name == "payload"
        else value.isoformat()
        if name == "at"
        else None
        if value is None
        else str(value)
        for name, value in row.items()
    }


def deliver_waiting(limit: int = BATCH) -> int:
    """Deliver up to `limit` events, oldest first. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TURN])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_WAITING, [limit])
        rows = [dict(zip(_COLUMNS, values, strict=True)) for values in cursor.fetchall()]
        if not rows:
            return 0
        for row in rows:
            if isinstance(row["payload"], str | bytes):  # Django leaves JSON of a plain cursor as text
                row["payload"] = json.loads(row["payload"])
        jobs = [job for row in rows for job in _jobs(row)]
        if jobs:
            app.job_manager.batch_defer_jobs(jobs=jobs)
        cursor.execute(
            "UPDATE core_outboxevent SET delivered_at = clock_timestamp() WHERE id = ANY(%s)",
            [[row["id"] for row in rows]],
        )
        notices = _notices(rows)
        cursor.execute("SELECT pg_notify(%s, notice) FROM unnest(%s::text[]) AS notice", [CHANNEL, notices])
    return len(rows)


def _notices(rows: list[dict[str, Any]]) -> list[str]:
    """What pages that watch are told, once each: kind and id of a document, the event, the company. An event is told
    to its subject, and to the documents that show it (`touched_by`)."""
    told = {(row["subject_kind"], row["subject_id"], row["kind"], row["company_id"]): None for row in rows}
    happened: dict[tuple[str, UUID], list[UUID]] = {}
    for _kind, subject_id, event, company_id in told:
        happened.setdefault((event, company_id), []).append(subject_id)
    for (event, company_id), subjects in happened.items():
        if touched := touched_by.get(event):
            told |= {(kind, subject, event, company_id): None for kind, subject in touched(subjects)}
    return [" ".join(map(str, one)) for one in told]


def _jobs(row: dict[str, Any]) -> list[Job]:
    """One job per subscriber; those about one subject keep their order."""
    return [
        Job(
            id=None,
            queue=getattr(app.tasks.get(task), "queue", QUEUE),
            lock=f"{task}:{row['subject_id']}",
            queueing_lock=None,
            task_name=task,
            task_kwargs={"event": facts(row)},
            priority=0,
            scheduled_at=None,
            attempts=0,
        )
        for task in SUBSCRIPTIONS.get(row["kind"], [])
    ]


class Relay(threading.Thread):
    """Delivers until stopped; a database that goes away is waited for."""

    def __init__(self) -> None:
        super().__init__(name="relay", daemon=True)
        self._stop_asked = threading.Event()
        self.last_pass = time.monotonic()
        """When the outbox was last looked at, on the monotonic clock; health depends on it."""

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                close_old_connections()
                delivered = deliver_waiting()
                self.last_pass = time.monotonic()
            except Error as error:
                log.warning("Relay: the database went away (%s); trying again", type(error).__name__)
                connection.close()
                delivered = 0
                self._stop_asked.wait(1)
            except Exception:
                log.exception("Relay: an event could not be delivered; trying again")
                delivered = 0
                self._stop_asked.wait(5)
            if delivered < BATCH:
                self._stop_asked.wait(INTERVAL)
        connection.close()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(timeout=5)

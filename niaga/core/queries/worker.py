"""Whether anybody does what waits."""

from django.db import connection

OLDEST_HEARTBEAT = 30
"""Seconds after which a worker counts as dead."""


def heartbeat_age() -> float | None:
    """Seconds since a worker last said that it lives; None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - max(at))::float FROM core_workerheartbeat")
        age: float | None = cursor.fetchone()[0]
    return age


def worker_is_alive() -> bool:
    age = heartbeat_age()
    return age is not None and age < OLDEST_HEARTBEAT

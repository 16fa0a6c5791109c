"""When a thing that failed for now is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
)
"""After the first, second … failed attempt. After the last one it has failed."""


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many attempts; None: no more."""
    return at + WAITS[attempts - 1] if attempts <= len(WAITS) else None

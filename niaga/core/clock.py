"""The time. Timestamps are UTC; a document's date and "today" are those of its branch.

`NIAGA_NOW` moves the clock, for demonstrations on old data and for benches: a day (`2017-12-15`) makes today that day
and keeps the time of day; a moment (`2017-12-15T09:00:00Z`) is the time at which the process starts. It runs on.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import timezone


@cache
def _shift(wanted: str) -> timedelta:
    """How far `NIAGA_NOW` moves the clock; the same for all processes when it names a day.

    :raises ValueError: neither a day nor a moment
    """
    if not wanted:
        return timedelta(0)
    real = timezone.now()
    if len(wanted) == len("2017-12-15"):
        return timedelta(days=(date.fromisoformat(wanted) - real.date()).days)
    moment = datetime.fromisoformat(wanted)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - real


def now() -> datetime:
    """The moment, aware, in UTC. Services take it as `at`; only the outer rooms call this."""
    shift = _shift(os.environ.get("NIAGA_NOW", ""))
    return timezone.now() + shift


def today(*, at: datetime, zone: str) -> date:
    """The calendar day at `at` in an IANA time zone such as `Asia/Jakarta` (WIB)."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_ends(day: date, zone: str) -> datetime:
    """The moment at which a calendar day of a time zone is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)

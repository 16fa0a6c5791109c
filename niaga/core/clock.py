"""The time. Timestamps are UTC; a document's date and "today" are those of its branch."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The moment, aware, in UTC. Services take it as `at`; only the outer rooms call this."""
    return timezone.now()


def today(*, at: datetime, zone: str) -> date:
    """The calendar day at `at` in an IANA time zone such as `Asia/Jakarta` (WIB)."""
    return at.astimezone(ZoneInfo(zone)).date()

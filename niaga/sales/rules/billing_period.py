"""The days on which periods of billing end."""

from datetime import date, timedelta

from niaga.core.rules.calendar import end_of_month


def last_end(period: str, today: date) -> date:
    """The last day of the latest period that is over on `today`: a week ends on Sunday, half a month on the 15th and on
    the month's last day."""
    yesterday = today - timedelta(days=1)
    if period == "week":
        return yesterday - timedelta(days=(yesterday.weekday() + 1) % 7)
    if yesterday == end_of_month(yesterday):
        return yesterday
    before = yesterday.replace(day=1) - timedelta(days=1)
    if period == "half_month" and yesterday.day >= 15:
        return yesterday.replace(day=15)
    return before

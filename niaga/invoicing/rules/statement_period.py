from datetime import date, timedelta

_DAY = timedelta(days=1)


def statement_period(since: date | None, until: date | None, *, today: date) -> tuple[date, date]:
    """First and last day of a statement: up to today, from the beginning of the month before, where nothing is said.
    Before the calendar's first month there is none."""
    last = today if until is None else until
    first = max(last.replace(day=1), date.min + _DAY)
    return since or (first - _DAY).replace(day=1), last

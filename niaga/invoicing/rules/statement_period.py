from datetime import date, timedelta


def statement_period(since: date | None, until: date | None, *, today: date) -> tuple[date, date]:
    """First and last day of a statement: up to today, from the beginning of the month before, where nothing is said."""
    last = today if until is None else until
    return since or (last.replace(day=1) - timedelta(days=1)).replace(day=1), last

"""Housekeeping of the portal."""

from procrastinate.contrib.django import app

from niaga.core.clock import now
from niaga.portal.services.forget_knocks import forget_knocks


@app.periodic(cron="38 3 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_knocks")
def forget_old_knocks(timestamp: int) -> None:
    """Remove what was kept only to count by."""
    forget_knocks(at=now())

"""What time does to requests that wait."""

from procrastinate.contrib.django import app

from niaga.approvals.services.pass_on_steps import pass_on_steps
from niaga.core import clock


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="pass_on_approvals")
def pass_on_approvals(timestamp: int) -> None:
    """Hand on steps whose time is over or whose people have left."""
    pass_on_steps(at=clock.now())

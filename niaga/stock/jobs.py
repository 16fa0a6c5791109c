"""What stock does by the clock."""

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.stock.services.bar_expired import AT_ONCE
from niaga.stock.services.bar_expired import bar_expired as bar


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="bar_expired")
def bar_expired(timestamp: int) -> None:
    """Promise nothing more of lots whose day has come; every five minutes, since days begin at different hours."""
    while bar(at=clock.now()) == AT_ONCE:
        continue

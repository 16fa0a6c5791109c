"""What sales does by the clock."""

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.sales.services.expire_quotations import AT_ONCE
from niaga.sales.services.expire_quotations import expire_quotations as expire


@app.periodic(cron="4,34 * * * *")
@app.task(queue="housekeeping", queueing_lock="expire_quotations")
def expire_quotations(timestamp: int) -> None:
    """End offers whose last day is over; half-hourly, since days end at different hours from Sumatra to Papua."""
    while expire(at=clock.now()) == AT_ONCE:
        continue

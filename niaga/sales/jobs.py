"""What sales does by the clock."""

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.organization.access import SYSTEM
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.expire_quotations import AT_ONCE
from niaga.sales.services.expire_quotations import expire_quotations as expire
from niaga.sales.services.note_periods import note_periods


@app.periodic(cron="4,34 * * * *")
@app.task(queue="housekeeping", queueing_lock="expire_quotations")
def expire_quotations(timestamp: int) -> None:
    """End offers whose last day is over; half-hourly, since days end at different hours from Sumatra to Papua."""
    while expire(at=clock.now()) == AT_ONCE:
        continue


@app.periodic(cron="9,39 * * * *")
@app.task(queue="housekeeping", queueing_lock="bill_periods")
def bill_periods(timestamp: int) -> None:
    """Bill the periods that are over; half-hourly, since days end at different hours."""
    for cause_id in note_periods(at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())

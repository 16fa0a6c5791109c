"""What sales does by the clock."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from niaga.core import clock
from niaga.organization.access import SYSTEM
from niaga.sales.queries.day_notices import due_notices
from niaga.sales.queries.recurring import to_mail
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.expire_quotations import AT_ONCE
from niaga.sales.services.expire_quotations import expire_quotations as expire
from niaga.sales.services.mail_recurring import mail_recurring
from niaga.sales.services.note_due_milestones import note_due_milestones
from niaga.sales.services.note_periods import note_periods
from niaga.sales.services.note_recurring import note_recurring
from niaga.sales.services.promise_again import promise_late
from niaga.sales.services.tell_day_change import tell_day_change


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


@app.periodic(cron="14,44 * * * *")
@app.task(queue="housekeeping", queueing_lock="bill_milestones")
def bill_milestones(timestamp: int) -> None:
    """Bill the milestones whose day has come; half-hourly, since days begin at different hours."""
    for cause_id in note_due_milestones(at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())


@app.periodic(cron="19,49 * * * *")
@app.task(queue="housekeeping", queueing_lock="bill_recurring")
def bill_recurring(timestamp: int) -> None:
    """Bill the periods of plans whose day has come; half-hourly, since days begin at different hours."""
    for cause_id in note_recurring(at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())
    for cause_id in to_mail():
        mail_recurring(cause_id=cause_id, at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="tell_days")
def tell_days(timestamp: int) -> None:
    """Tell customers of promised days that changed a quarter of an hour ago, each order once."""
    for order_id in due_notices(at=clock.now()):
        key = f"tell_day:{order_id}"
        with suppress(AlreadyEnqueued):  # the one that waits does it
            tell_day.configure(lock=key, queueing_lock=key).defer(order_id=str(order_id))


@app.task(queue="mail")
def tell_day(order_id: str) -> None:
    tell_day_change(order_id=UUID(order_id), at=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(queue="housekeeping", queueing_lock="promise_late")
def promise_late_goods(timestamp: int) -> None:
    """Promise anew what waits for goods that did not come on their day; hourly, since days end at different hours."""
    promise_late(at=clock.now())

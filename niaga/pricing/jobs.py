"""What pricing does by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.pricing.queries.ending_points import programmes_that_tell
from niaga.pricing.services.count_change import count_change
from niaga.pricing.services.end_tiers import end_tiers
from niaga.pricing.services.expire_points import AT_ONCE, expire_points
from niaga.pricing.services.publish_at_its_moment import publish_due as publish
from niaga.pricing.services.tell_ending_points import tell_ending_points


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="publish_due_prices")
def publish_due_prices(timestamp: int) -> None:
    """Publish the changes of prices whose moment has come; a worker that dies in between leaves it to the next."""
    publish(at=clock.now())


@app.task(queue="pricing")
def count(change_id: str) -> None:
    """Count what a prepared change does to many products; a page shows how far it is."""
    count_change(change_id=UUID(change_id), at=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(queue="housekeeping", queueing_lock="end_points")
def end_points(timestamp: int) -> None:
    """End points and tiers whose last day is over; hourly, since days end at different hours where companies are."""
    at = clock.now()
    while expire_points(at=at) == AT_ONCE:
        continue
    while end_tiers(at=at) == AT_ONCE:
        continue


@app.periodic(cron="37 * * * *")
@app.task(queue="housekeeping", queueing_lock="tell_ending_points")
def tell_before_points_end(timestamp: int) -> None:
    """Tell members whose points end soon; hourly, since days begin at different hours where companies are."""
    at = clock.now()
    for programme_id in programmes_that_tell():
        last = tell_ending_points(programme_id=programme_id, at=at)
        while last is not None:
            last = tell_ending_points(programme_id=programme_id, after=last, at=at)

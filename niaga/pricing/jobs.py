"""What pricing does by the clock."""

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.pricing.services.publish_due import publish_due as publish


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="publish_due_prices")
def publish_due_prices(timestamp: int) -> None:
    """Publish the changes of prices whose moment has come; a worker that dies in between leaves it to the next."""
    publish(at=clock.now())

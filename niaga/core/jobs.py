"""Handling calls of other systems again that failed for now."""

from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.core.queries.incoming import due_call_ids
from niaga.core.services.handle_call import handle_call


@app.task(queue="events")
def handle(call_id: str) -> None:
    """Handle one call that waits."""
    handle_call(call_id=UUID(call_id), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="handle_due_calls")
def handle_due_calls(timestamp: int) -> None:
    """Give calls whose next attempt is due to the workers."""
    for call_id in due_call_ids(at=clock.now()):
        handle.configure(lock=f"incoming_call:{call_id}").defer(call_id=str(call_id))

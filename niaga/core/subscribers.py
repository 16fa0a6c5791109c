"""What core does in the wake of its own deeds."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.core.services.handle_call import handle_call


@app.task(queue="events")
def call_received(event: dict[str, Any]) -> None:
    """Do what the call asks for."""
    handle_call(call_id=UUID(event["subject_id"]), at=clock.now())

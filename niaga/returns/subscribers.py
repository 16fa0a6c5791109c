"""What returns does when something happened elsewhere."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.returns.services.set_up_returns import set_up_returns


@app.task(queue="events")
def company_created(event: dict[str, Any]) -> None:
    """Give a new company its reasons, unless it has some."""
    set_up_returns(company_id=UUID(event["subject_id"]))

"""What parties does when something happened elsewhere."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.parties.services.set_up_parties import set_up_parties


@app.task(queue="events")
def company_created(event: dict[str, Any]) -> None:
    """Give a new company its payment terms and customer groups, unless it has some."""
    set_up_parties(company_id=UUID(event["subject_id"]))

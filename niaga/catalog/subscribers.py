"""What catalog does when something happened elsewhere."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.catalog.services.set_up_catalog import set_up_catalog


@app.task(queue="events")
def company_created(event: dict[str, Any]) -> None:
    """Give a new company its units and tax categories, unless it has some."""
    set_up_catalog(company_id=UUID(event["subject_id"]))

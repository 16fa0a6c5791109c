"""What invoicing does outside any request."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.invoicing.services.carry_on_issue_run import carry_on_issue_run
from niaga.organization.access import SYSTEM
from niaga.organization.queries.users import person_by_id

_AGAIN = RetryStrategy(
    max_attempts=10, wait=2, linear_wait=5, retry_exceptions={OperationalError, InterfaceError}
)  # fmt: skip
"""When the database went away; a killed worker's run is given to the next one anyway."""


@app.task(queue="billing", retry=_AGAIN)
def issue_run(run_id: str, user_id: str, language: str) -> None:
    """Issue the drafts of a run, as the person who started it."""
    by = person_by_id(UUID(user_id)) if user_id else SYSTEM
    with override(language):
        while carry_on_issue_run(run_id=UUID(run_id), by=by, at=clock.now()):
            continue

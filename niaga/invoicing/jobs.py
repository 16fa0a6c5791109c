"""What invoicing does outside any request."""

from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from niaga.core import clock
from niaga.invoicing.queries.late_fee_rules import companies_that_charge
from niaga.invoicing.queries.reminder_plans import companies_that_remind
from niaga.invoicing.services.carry_on_issue_run import carry_on_issue_run
from niaga.invoicing.services.propose_late_fees import propose_late_fees
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.invoicing.services.tell_uncharged import tell_uncharged
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


@app.periodic(cron="12,27,42,57 * * * *")
@app.task(queue="housekeeping", queueing_lock="remind_customers")
def remind_customers(timestamp: int) -> None:
    """Remind customers of what has reached a level; by the quarter, since hours open and close by branch."""
    for company_id in companies_that_remind():
        key = f"reminders:{company_id}"
        with suppress(AlreadyEnqueued):  # the one that waits does it
            remind.configure(lock=key, queueing_lock=key).defer(company_id=str(company_id))


@app.task(queue="billing", retry=_AGAIN)
def remind(company_id: str) -> None:
    """Remind the customers of one company."""
    while send_reminders(company_id=UUID(company_id), at=clock.now()):
        continue


@app.periodic(cron="41 */2 * * *")
@app.task(queue="housekeeping", queueing_lock="charge_late_payers")
def charge_late_payers(timestamp: int) -> None:
    """Charge the late days of the last month that is over; again and again, since promises end and days differ."""
    for company_id in companies_that_charge():
        key = f"late_fees:{company_id}"
        with suppress(AlreadyEnqueued):  # the one that waits does it
            charge_fees.configure(lock=key, queueing_lock=key).defer(company_id=str(company_id))


@app.task(queue="billing", retry=_AGAIN)
def charge_fees(company_id: str) -> None:
    """Charge the customers of one company who paid late."""
    at = clock.now()
    done = propose_late_fees(company_id=UUID(company_id), by=SYSTEM, at=at)
    tell_uncharged(company_id=UUID(company_id), refused=done.refused, at=at)

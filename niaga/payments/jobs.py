"""Bank statements outside any request."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.organization.queries.users import person_by_id
from niaga.payments.services.accept_proposals import book_certain

_AGAIN = RetryStrategy(max_attempts=5, wait=5, linear_wait=10, retry_exceptions={OperationalError, InterfaceError})


@app.task(queue="payments", retry=_AGAIN)
def book_certain_lines(statement_id: str, company_id: str, user_id: str) -> None:
    """Book what is certain of a statement, as the company wished, as the person who took it in."""
    by = person_by_id(UUID(user_id))
    by.company_choice = UUID(company_id)
    book_certain(statement_id=UUID(statement_id), by=by, at=clock.now())

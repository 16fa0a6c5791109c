"""Bank statements, and what gateways are told and asked, outside any request."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.organization.queries.users import person_by_id
from niaga.payments.queries.waiting import due_ask_ids, due_refund_ask_ids, due_refund_ids, due_request_ids
from niaga.payments.services.accept_proposals import book_certain
from niaga.payments.services.ask_payment_request import ask_payment_request
from niaga.payments.services.ask_refund import ask_refund
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.send_refund import send_refund
from niaga.payments.services.settle_lost_requests import settle_lost_requests

_AGAIN = RetryStrategy(max_attempts=5, wait=5, linear_wait=10, retry_exceptions={OperationalError, InterfaceError})


@app.task(queue="payments", retry=_AGAIN)
def book_certain_lines(statement_id: str, company_id: str, user_id: str) -> None:
    """Book what is certain of a statement, as the company wished, as the person who took it in."""
    by = person_by_id(UUID(user_id))
    by.company_choice = UUID(company_id)
    book_certain(statement_id=UUID(statement_id), by=by, at=clock.now())


@app.task(queue="gateways")
def send_request(request_id: str) -> None:
    send_payment_request(request_id=UUID(request_id), clock=clock.now)


@app.task(queue="gateways")
def ask_request(request_id: str) -> None:
    ask_payment_request(request_id=UUID(request_id), clock=clock.now)


@app.task(queue="gateways")
def send_waiting_refund(refund_id: str) -> None:
    send_refund(refund_id=UUID(refund_id), clock=clock.now)


@app.task(queue="gateways")
def ask_about_refund(refund_id: str) -> None:
    ask_refund(refund_id=UUID(refund_id), clock=clock.now)


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="ask_gateways")
def ask_gateways(timestamp: int) -> None:
    """Hand on what is due, settle what lost its worker, and ask the gateways that do not call back."""
    at = clock.now()
    settle_lost_requests(at=at)
    for key in due_request_ids(at=at):
        send_request.configure(lock=f"payment_request:{key}").defer(request_id=str(key))
    for key in due_ask_ids(at=at):
        ask_request.configure(lock=f"payment_request:{key}").defer(request_id=str(key))
    for key in due_refund_ids(at=at):
        send_waiting_refund.configure(lock=f"refund:{key}").defer(refund_id=str(key))
    for key in due_refund_ask_ids(at=at):
        ask_about_refund.configure(lock=f"refund:{key}").defer(refund_id=str(key))

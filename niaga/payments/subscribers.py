"""What payments does when something happened."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.payments.services.ask_payment_request import ask_payment_request
from niaga.payments.services.check_gateway import check_gateway
from niaga.payments.services.make_asked_refund import make_asked_refund
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.send_refund import send_refund
from niaga.payments.services.tell_of_sandbox import tell_of_sandbox


@app.task(queue="events")
def approval_moved(event: dict[str, Any]) -> None:
    """A refund that was approved is made."""
    if event["payload"]["status"] == "approved" and event["payload"]["about_kind"] == "refund":
        make_asked_refund(request_id=UUID(event["subject_id"]), at=clock.now())


@app.task(queue="gateways")
def payment_requested(event: dict[str, Any]) -> None:
    """Ask the gateway for it."""
    send_payment_request(request_id=UUID(event["subject_id"]), clock=clock.now)


@app.task(queue="gateways")
def payment_request_doubted(event: dict[str, Any]) -> None:
    """Ask the gateway what became of it."""
    ask_payment_request(request_id=UUID(event["subject_id"]), clock=clock.now)


@app.task(queue="gateways")
def gateway_check_asked(event: dict[str, Any]) -> None:
    """Try the connection."""
    check_gateway(account_id=UUID(event["subject_id"]), at=clock.now())


@app.task(queue="gateways")
def sandbox_paid(event: dict[str, Any]) -> None:
    """Let the sandbox tell."""
    tell_of_sandbox(charge_id=UUID(event["subject_id"]), behaviour=event["payload"]["behaviour"])


@app.task(queue="gateways")
def refund_asked(event: dict[str, Any]) -> None:
    """Ask the gateway for it."""
    send_refund(refund_id=UUID(event["subject_id"]), clock=clock.now)

"""What the portal does when something happened."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.portal.services.end_with_dispute import end_with_dispute
from niaga.portal.services.end_with_payment import end_with_payment
from niaga.portal.services.send_sign_in import send_sign_in


@app.task(queue="mail")
def sign_in_asked(event: dict[str, Any]) -> None:
    """Mail the link, if the address is known."""
    send_sign_in(knock_id=UUID(event["subject_id"]), at=clock.now())


@app.task(queue="events")
def dispute_settled(event: dict[str, Any]) -> None:
    """What the customer told about it ends with it."""
    actor = UUID(event["actor_id"]) if event["actor_id"] else None
    end_with_dispute(dispute_id=UUID(event["subject_id"]), by=actor, at=clock.now())


@app.task(queue="events")
def payment_recorded(event: dict[str, Any]) -> None:
    """A payment that the customer told of came."""
    end_with_payment(
        payment_id=UUID(event["subject_id"]), customer_id=UUID(event["payload"]["customer_id"]), at=clock.now()
    )

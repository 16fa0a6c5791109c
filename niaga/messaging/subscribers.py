"""What messaging does when something happened elsewhere."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.messaging.services.invite_user import invite_user
from niaga.messaging.services.send_email import send_email
from niaga.messaging.services.send_whatsapp import send_whatsapp


@app.task(queue="mail")
def email_queued(event: dict[str, Any]) -> None:
    """Send it."""
    send_email(email_id=UUID(event["subject_id"]), clock=clock.now)


@app.task(queue="mail")
def whatsapp_queued(event: dict[str, Any]) -> None:
    """Send it."""
    send_whatsapp(message_id=UUID(event["subject_id"]), clock=clock.now)


@app.task(queue="mail")
def user_invited(event: dict[str, Any]) -> None:
    """Mail the person the link where they choose their password."""
    invite_user(
        user_id=UUID(event["subject_id"]), company_id=event["company_id"] and UUID(event["company_id"]), at=clock.now()
    )

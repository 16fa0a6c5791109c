"""Sending mail and WhatsApp messages, outside any request."""

from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.messaging.queries.waiting import due_email_ids, due_whatsapp_ids
from niaga.messaging.services.forget_secrets import forget_secrets
from niaga.messaging.services.send_email import send_email
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.messaging.services.settle_lost_emails import settle_lost_emails
from niaga.messaging.services.settle_lost_whatsapp import settle_lost_whatsapp


@app.task(queue="mail")
def send(email_id: str) -> None:
    """Send one mail that waits."""
    send_email(email_id=UUID(email_id), clock=clock.now)


@app.task(queue="mail")
def send_message(message_id: str) -> None:
    """Send one WhatsApp message that waits."""
    send_whatsapp(message_id=UUID(message_id), clock=clock.now)


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="send_due_emails")
def send_due_emails(timestamp: int) -> None:
    """Hand mails whose next attempt is due to the senders, and settle those whose worker died."""
    settle_lost_emails(at=clock.now())
    for email_id in due_email_ids(at=clock.now()):
        send.configure(lock=f"email:{email_id}").defer(email_id=str(email_id))


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="send_due_whatsapp")
def send_due_whatsapp(timestamp: int) -> None:
    """The same for WhatsApp messages."""
    settle_lost_whatsapp(at=clock.now())
    for message_id in due_whatsapp_ids(at=clock.now()):
        send_message.configure(lock=f"whatsapp:{message_id}").defer(message_id=str(message_id))


@app.periodic(cron="22 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_secrets")
def forget_old_secrets(timestamp: int) -> None:
    """Blank the links of messages that no longer work."""
    forget_secrets(at=clock.now())

from collections.abc import Callable
from datetime import datetime
from email.utils import make_msgid
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.rules.attempts import next_attempt
from niaga.messaging.events import EmailSettled
from niaga.messaging.models import Email
from niaga.messaging.queries.mail_servers import server_of
from niaga.messaging.rules.dispatch import EMAIL_FLOW, EmailStatus
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.hand_over import Answer, Outcome, hand_over

_STATUS = {
    Outcome.ACCEPTED: "accept",
    Outcome.NEVER: "fail",
    Outcome.LATER: "postpone",
    Outcome.UNKNOWN: "doubt",
}


def send_email(*, email_id: UUID, clock: Callable[[], datetime]) -> str:
    """Send a waiting mail: note that it is on its way, hand it over, note the answer. Returns its status.

    Called by jobs only, outside any transaction: between the two commits nothing is locked, and a worker that dies
    there leaves the mail `sending`, which `settle_lost_emails` turns into `uncertain`. A mail that another worker has
    taken, or that is not waiting, is left alone.
    """
    email = _begin(email_id, clock())
    if email is None:
        return ""
    if email.status == EmailStatus.KEPT:
        return email.status
    server = server_of(email.company_id)
    gone = Answer(Outcome.NEVER, "no_server")  # the settings were emptied since
    answer = hand_over(server=server, message=_message(email)) if server is not None else gone
    return _settle(email, answer, clock())


@transaction.atomic
def _begin(email_id: UUID, at: datetime) -> Email | None:
    email = Email.objects.select_for_update(skip_locked=True).filter(pk=email_id, status=EmailStatus.QUEUED).first()
    if email is None:
        return None
    server = server_of(email.company_id)
    if server is None:
        email.status = check_move(EMAIL_FLOW, "keep", email.status)
        batch = Batch()
        batch.update(Email, where={"id": email.id}, values={"status": email.status, "next_attempt_at": None})
        _announce(batch, email, "", at)
        batch.write()
        return email
    email.status = check_move(EMAIL_FLOW, "begin", email.status)
    email.attempts += 1
    email.started_at = at
    email.message_id = email.message_id or make_msgid(domain=server.sender.rpartition("@")[2] or None)
    email.save(update_fields=["status", "attempts", "started_at", "message_id"])
    return email


def _message(email: Email) -> EmailMultiAlternatives:
    headers = {"Message-ID": email.message_id}
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=email.to,
        cc=email.cc,
        reply_to=[email.reply_to] if email.reply_to else None,
        headers=headers,
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    for file in email.files.all():
        message.attach(file.name, bytes(file.content), file.media_type)
    return message


@transaction.atomic
def _settle(email: Email, answer: Answer, at: datetime) -> str:
    move = _STATUS[answer.outcome]
    again = next_attempt(email.attempts, at) if move == "postpone" else None
    if move == "postpone" and again is None:
        move = "fail"
    status = check_move(EMAIL_FLOW, move, EmailStatus.SENDING)
    batch = Batch()
    batch.update(
        Email,
        where={"id": email.id, "status": EmailStatus.SENDING},
        values={
            "status": status,
            "reason": answer.reason,
            "error": answer.error,
            "next_attempt_at": again,
            "sent_at": at if status == EmailStatus.SENT else None,
        },
        expect=None,  # a worker that was taken for dead may come back: what was settled meanwhile stays
    )
    if status != EmailStatus.QUEUED:
        _announce(batch, email, answer.error, at, status)
    if status in (EmailStatus.FAILED, EmailStatus.UNCERTAIN) and email.created_by is not None:
        failed = status == EmailStatus.FAILED
        add_notice(
            batch=batch,
            to=[email.created_by],
            text=gettext_noop("Mail to %(to)s was not sent: %(subject)s")
            if failed
            else gettext_noop("It is not certain that mail to %(to)s arrived: %(subject)s"),
            facts={"to": ", ".join(email.to)[:100], "subject": email.subject[:100]},
            url=f"/mailbox/{email.id}",
            subject_kind="email",
            subject_id=email.id,
            at=at,
        )
    batch.write()
    return status


def _announce(batch: Batch, email: Email, error: str, at: datetime, status: str = "") -> None:
    event = EmailSettled(
        subject_id=email.id,
        status=status or email.status,
        about_kind=email.subject_kind,
        about_id=email.subject_id,
        to=email.to,
        error=error,
    )
    announce(batch=batch, event=event, company_id=email.company_id, by=email.created_by, at=at)

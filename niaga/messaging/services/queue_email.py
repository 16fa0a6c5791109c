import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.messaging.events import EmailQueued
from niaga.messaging.models import Email, EmailFile
from niaga.messaging.rules.addresses import (
    MOST_RECIPIENTS,
    BadAddress,
    check_address,
    check_addresses,
    file_name,
    has_line_break,
    one_line,
)

MOST_BYTES = 20 * 1024 * 1024
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


class NotAnAddress(Invalid):
    code = "not_an_address"
    text = _("This is not an e-mail address.")


class NobodyToSendTo(Invalid):
    code = "nobody_to_send_to"
    text = _("Give at least one e-mail address.")


class TooManyRecipients(Invalid):
    code = "too_many_recipients"
    text = _("A mail goes to 50 people at most.")


class LineBreakInSubject(Invalid):
    """Header injection."""

    code = "line_break_in_subject"
    text = _("The subject is one line.")


class NothingToSay(Invalid):
    code = "nothing_to_say"
    text = _("Write a subject and a text.")


class FilesTooLarge(Invalid):
    code = "files_too_large"
    text = _("The files of a mail have 20 MB at most.")


@dataclass(frozen=True, slots=True)
class FileToSend:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EmailToSend:
    """A mail. `subject_kind` and `subject_id` name the document it is about; `secret` hides log-in links from the
    mailbox of colleagues."""

    to: Sequence[str]
    subject: str
    text: str
    html: str = ""
    cc: Sequence[str] = ()
    reply_to: str = ""
    files: Sequence[FileToSend] = ()
    subject_kind: str = ""
    subject_id: UUID | None = None
    secret: bool = False


def queue_email(
    *, batch: Batch, company_id: UUID, to: Sequence[str], subject: str, text: str, by: UUID | None, at: datetime,
    **more: Any,
) -> UUID:  # fmt: skip
    """Add a mail with its files to the caller's batch; it is sent by a job after the commit. Returns the mail's id.

    The caller has checked the right to do so (`quotation.send`, `invoice.send`). What else it can have: `EmailToSend`.
    What became of it is read by `messaging.queries` and announced as `EmailSettled`.

    :raises NobodyToSendTo: no address
    :raises NotAnAddress: an address that mail cannot go to, or that would begin another header
    :raises TooManyRecipients: more than 50
    :raises LineBreakInSubject: the subject has more than one line
    :raises NothingToSay: no subject, or no text
    :raises FilesTooLarge: more than 20 MB
    """
    mail = EmailToSend(to, subject, text, **more)
    return queue_emails(batch=batch, company_id=company_id, emails=[mail], by=by, at=at)[0]


def queue_emails(
    *, batch: Batch, company_id: UUID, emails: Sequence[EmailToSend], by: UUID | None, at: datetime
) -> list[UUID]:
    """The same for many mails, as so many statements as for one. Returns their ids in order.

    :raises Refusal: one of them is refused as by `queue_email`; nothing was added
    """
    rows = [_row(email) for email in emails]
    batch.insert(Email, rows, company_id=company_id, created_by=by, created_at=at)
    files = [
        {
            "email_id": row["id"],
            "name": file_name(file.name),
            "media_type": file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else "application/octet-stream",
            "content": file.content,
        }
        for row, email in zip(rows, emails, strict=True)
        for file in email.files
    ]
    batch.insert(EmailFile, files)
    ids = [row["id"] for row in rows]
    announce(batch=batch, event=[EmailQueued(subject_id=key) for key in ids], company_id=company_id, by=by, at=at)
    return ids


def _row(email: EmailToSend) -> dict[str, Any]:
    recipients = _addresses(email.to, "to")
    known = {address.lower() for address in recipients}
    copies = [address for address in _addresses(email.cc, "cc") if address.lower() not in known]
    if not recipients:
        raise NobodyToSendTo(field="to")
    if len(recipients) + len(copies) > MOST_RECIPIENTS:
        raise TooManyRecipients(field="to")
    if has_line_break(email.subject):
        raise LineBreakInSubject(field="subject")
    title = one_line(email.subject)[:300]
    if not title or not email.text.strip():
        raise NothingToSay(field="text" if title else "subject")
    if sum(len(file.content) for file in email.files) > MOST_BYTES:
        raise FilesTooLarge(field="files")
    return {
        "id": new_id(),
        "subject_kind": email.subject_kind,
        "subject_id": email.subject_id,
        "to": recipients,
        "cc": copies,
        "reply_to": _addresses([email.reply_to], "reply_to")[0] if email.reply_to else "",
        "subject": title,
        "text": email.text.replace("\x00", ""),
        "html": email.html.replace("\x00", ""),
        "secret": email.secret,
    }


def _addresses(texts: Sequence[str], field: str) -> list[str]:
    try:
        return check_addresses(texts)
    except BadAddress as error:
        raise NotAnAddress(
            _("%(text)s is not an e-mail address.") % {"text": one_line(str(error))[:100]}, field=field
        ) from error


def is_address(text: str) -> bool:
    """Whether mail can go there."""
    try:
        check_address(text)
    except BadAddress:
        return False
    return True

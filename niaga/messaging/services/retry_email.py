from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.messaging.events import EmailQueued
from niaga.messaging.models import Email
from niaga.messaging.queries.emails import email_for_change
from niaga.messaging.rules.dispatch import EMAIL_FLOW
from niaga.organization.access import Actor


@transaction.atomic
def retry_email(*, email_id: UUID, by: Actor, at: datetime) -> Email:
    """Send a failed, kept or uncertain mail again, because a person wants it. Its count of attempts starts anew.

    :raises NotFound: no such mail, or not for this person
    :raises Forbidden: the person may not send mail
    :raises WrongState: it is sent already, or on its way
    """
    email = email_for_change(email_id=email_id, by=by, action="send")
    before = email.status
    email.status = check_move(EMAIL_FLOW, "retry", before)
    batch = Batch()
    batch.update(
        Email,
        where={"id": email.id, "status": before},
        values={"status": email.status, "attempts": 0, "reason": "", "error": "", "next_attempt_at": None},
        refusal=WrongState,
    )
    record(
        batch=batch, subject_kind="email", subject_id=email.id, verb="retry", by=by.id, at=at,
        company_id=email.company_id, from_status=before, to_status=email.status,
    )  # fmt: skip
    announce(batch=batch, event=EmailQueued(subject_id=email.id), company_id=email.company_id, by=by.id, at=at)
    batch.write()
    return email

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.messaging.models import Email
from niaga.messaging.queries.emails import email_for_change
from niaga.messaging.rules.dispatch import EMAIL_FLOW
from niaga.organization.access import Actor


@transaction.atomic
def settle_email(*, email_id: UUID, by: Actor, at: datetime) -> Email:
    """Say that an uncertain mail did arrive: the customer was asked.

    :raises NotFound: no such mail, or not for this person
    :raises Forbidden: the person may not send mail
    :raises WrongState: it is not uncertain
    """
    email = email_for_change(email_id=email_id, by=by, action="send")
    before = email.status
    email.status = check_move(EMAIL_FLOW, "settle", before)
    batch = Batch()
    batch.update(
        Email, where={"id": email.id, "status": before}, values={"status": email.status, "sent_at": email.started_at},
        refusal=WrongState,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="email", subject_id=email.id, verb="settle", by=by.id, at=at,
        company_id=email.company_id, from_status=before, to_status=email.status,
    )  # fmt: skip
    batch.write()
    return email

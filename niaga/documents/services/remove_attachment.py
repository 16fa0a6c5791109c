from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.documents.models import Attachment
from niaga.documents.queries.attachments import attachment_for
from niaga.organization.access import Actor


@transaction.atomic
def remove_attachment(*, attachment_id: UUID, by: Actor, at: datetime) -> Attachment:
    """Take a file off its subject. The bytes stay until the cleaner finds that nothing needs them.

    :raises NotFound, Forbidden: not there, or `by` may not change what it is on
    """
    attachment = attachment_for(attachment_id=attachment_id, by=by, change=True)
    batch = Batch()
    batch.sql(
        "removed",
        f"UPDATE {Attachment._meta.db_table} SET archived_at = %s"
        " WHERE id = %s::uuid AND archived_at IS NULL RETURNING 1",
        [at, attachment.id],
    )
    record(
        batch=batch,
        subject_kind=attachment.subject_kind,
        subject_id=attachment.subject_id,
        verb="detach",
        by=by.pk,
        at=at,
        company_id=attachment.company_id,
        data={"name": attachment.name},
    )
    batch.write()
    return attachment

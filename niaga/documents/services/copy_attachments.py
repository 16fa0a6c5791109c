from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.models import Attachment


def copy_attachments(
    *, batch: Batch, attachment_ids: Collection[UUID], subject_ids: Sequence[UUID], by: UUID | None, at: datetime
) -> dict[UUID, dict[UUID, UUID]]:
    """Show files on other things of the same kind and company, too: the file itself is kept once. Added to the batch.

    By subject, the copies' ids by the ids they were copied from. The caller has checked that `by` may put them there.
    """
    if not attachment_ids or not subject_ids:
        return {one: {} for one in subject_ids}
    copies: dict[UUID, dict[UUID, UUID]] = {one: {} for one in subject_ids}
    rows = []
    for file in Attachment.objects.filter(pk__in=list(attachment_ids), archived_at=None).order_by("position", "pk"):
        for subject_id, made in copies.items():
            made[file.id] = new_id()
            rows.append(
                {
                    "id": made[file.id], "company_id": file.company_id, "subject_kind": file.subject_kind,
                    "subject_id": subject_id, "purpose": file.purpose, "file_id": file.file_id, "name": file.name,
                    "position": file.position, "created_by": by, "created_at": at,
                }
            )  # fmt: skip
    batch.insert(Attachment, rows)
    return copies

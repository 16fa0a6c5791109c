from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.documents.models import Attachment
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.store_file import Readable
from niaga.organization.access import Actor


@transaction.atomic
def attach_files(
    *,
    subject_kind: str,
    subject_id: UUID,
    files: Sequence[tuple[str, Readable | bytes]],
    by: Actor,
    at: datetime,
    purpose: str = "",
) -> list[Attachment]:
    """Put several files, each with its name, on one subject: all or none.

    :raises Refusal: as `attach_file`, for the first that is refused
    """
    return [
        attach_file(
            subject_kind=subject_kind, subject_id=subject_id, name=name, content=content, by=by, at=at, purpose=purpose
        )
        for name, content in files
    ]

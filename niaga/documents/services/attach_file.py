from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.errors import TooManyFiles
from niaga.documents.models import Attachment
from niaga.documents.queries.subjects import subject_of
from niaga.documents.registry import Subject
from niaga.documents.rules.file_kinds import clean_name, with_ending
from niaga.documents.services.store_file import Readable, store_file
from niaga.organization.access import Actor

MOST = 200
"""Files on one subject."""
PICTURES = frozenset({"photo", "signature", "image", "logo"})


@transaction.atomic
def attach_file(
    *,
    subject_kind: str,
    subject_id: UUID,
    name: str,
    content: Readable | bytes,
    by: Actor,
    at: datetime,
    purpose: str = "",
    subject: Subject | None = None,
) -> Attachment:
    """Put a file on a document, customer or product. A `purpose` of `PICTURES` takes pictures only.

    A verb that has checked itself that `by` may put this file there names the `subject`.

    :raises NotFound, Forbidden: the subject is not there, or `by` may not change it
    :raises EmptyFile, FileTooLarge, NotAnImage: see `store_file`
    :raises TooManyFiles: the subject carries `MOST` files
    """
    if subject is None:
        subject = subject_of(kind=subject_kind, subject_id=subject_id, by=by, change=True)
    held = Attachment.objects.filter(subject_kind=subject.kind, subject_id=subject.id, archived_at=None).count()
    if held >= MOST:
        raise TooManyFiles(field="files")
    file = store_file(content=content, at=at, image_only=purpose in PICTURES)
    attachment = Attachment(
        id=new_id(),
        company_id=subject.company_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        purpose=purpose,
        file=file,
        name=with_ending(clean_name(name), file.media_type),
        position=held,
        created_by=by.pk,
        created_at=at,
    )
    batch = Batch()
    columns = [field.attname for field in Attachment._meta.concrete_fields]
    batch.insert(Attachment, [{column: getattr(attachment, column) for column in columns}])
    record(
        batch=batch,
        subject_kind=subject.kind,
        subject_id=subject.id,
        verb="attach",
        by=by.pk,
        at=at,
        company_id=subject.company_id,
        data={"name": attachment.name, "sha256": file.sha256, "size": file.size},
    )
    batch.write()
    return attachment

"""Files on documents, customers and products, for who may see what they are on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet
from django.urls import reverse

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.documents import store
from niaga.documents.models import Attachment, StoredFile
from niaga.documents.queries.subjects import subject_of
from niaga.documents.rules.file_kinds import HEAD, human_size, sniff
from niaga.organization.access import Actor
from niaga.ui.documents import File


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands for what it is attached to."""

    id: UUID
    name: str
    file: StoredFile


def attachment_for(*, attachment_id: UUID, by: Actor, change: bool = False) -> Attachment:
    """One attachment with its stored file, access checked through what it is on.

    :raises NotFound: no such file, removed, or on something that `by` may not see
    :raises Forbidden: `change`, and `by` may only look
    """
    attachment = Attachment.objects.select_related("file").filter(pk=attachment_id, archived_at=None).first()
    if attachment is None:
        raise NotFound(field="attachment")
    subject_of(kind=attachment.subject_kind, subject_id=attachment.subject_id, by=by, change=change)
    return attachment


def attachments_of(*, kind: str, ids: Collection[UUID], purpose: str | None = None) -> dict[UUID, list[Attachment]]:
    """Files of many subjects in one statement. The caller has checked that its reader may see the subjects."""
    rows = Attachment.objects.select_related("file").filter(
        subject_kind=kind, subject_id__in=list(ids), archived_at=None
    )
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    found: dict[UUID, list[Attachment]] = defaultdict(list)
    for row in rows.order_by("position", "id"):
        found[row.subject_id].append(row)
    return dict(found)


def pictures_of(*, kind: str, chosen: Mapping[UUID, UUID | None]) -> dict[UUID, Picture]:
    """One picture of each subject that has any, in one statement: the `chosen` one, else the first that was attached.

    The caller has checked that its reader may see the subjects.
    """
    wanted = [one for one in chosen.values() if one is not None]
    rows = _pictures(kind).filter(subject_id__in=list(chosen)).annotate(is_chosen=Q(pk__in=wanted))
    rows = rows.order_by("subject_id", "-is_chosen", "position", "id").distinct("subject_id").select_related("file")
    return {row.subject_id: Picture(row.pk, row.name, row.file) for row in rows}


_PICTURE_IDS = """
SELECT DISTINCT ON (a.subject_id) a.subject_id, a.id
  FROM documents_attachment a JOIN documents_storedfile f ON f.id = a.file_id
 WHERE a.subject_id = ANY(%s::uuid[]) AND a.subject_kind = %s AND a.archived_at IS NULL
   AND f.inline AND f.media_type LIKE 'image/%%'
 ORDER BY a.subject_id, a.id = ANY(%s::uuid[]) DESC, a.position, a.id
"""


def picture_ids(*, kind: str, chosen: Mapping[UUID, UUID | None]) -> dict[UUID, UUID]:
    """The keys of the same pictures by subject, written out: it is asked at every letter that a person types."""
    if not chosen:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PICTURE_IDS, [list(chosen), kind, [one for one in chosen.values() if one is not None]])
        return dict(cursor.fetchall())


def picture_id_of(*, kind: str, chosen: str) -> QuerySet[Attachment, UUID]:
    """The same as a subquery beside a statement's rows of subjects; `chosen` is their column that may name one."""
    rows = _pictures(kind).filter(subject_id=OuterRef("pk")).annotate(is_chosen=Q(pk=OuterRef(chosen)))
    return rows.order_by(F("is_chosen").desc(nulls_last=True), "position", "id").values_list("pk", flat=True)[:1]


def _pictures(kind: str) -> QuerySet[Attachment]:
    """What may be shown as a picture: only what was encoded again."""
    return Attachment.objects.filter(
        subject_kind=kind, archived_at=None, file__inline=True, file__media_type__startswith="image/"
    )


_OF_ONE = Compiled(
    lambda kind, subject_id: (
        Attachment.objects.select_related("file")
        .filter(subject_kind=kind, subject_id=subject_id, archived_at=None)
        .order_by("position", "id")
    ),
    str,
    UUID,
)


def attached_to(*, kind: str, subject_id: UUID) -> list[Attachment]:
    """The attachments of one subject. One statement; the caller has checked access."""
    return list(_OF_ONE.objects(kind, subject_id))


def files_of(*, kind: str, subject_id: UUID, removable: bool) -> list[File]:
    """The files of one subject as its page shows them. The caller has checked access. Signatures are not listed."""
    return as_files(attached_to(kind=kind, subject_id=subject_id), removable=removable)


def as_files(attached: Iterable[Attachment], *, removable: bool) -> list[File]:
    """Attachments as a page shows them, without signatures."""
    return [
        File(
            name=row.name,
            url=reverse("documents:file", args=[row.id]),
            size=human_size(row.file.size),
            icon=icon_of(row.file.media_type),
            preview=row.file.inline,
            remove_url=reverse("documents:file_removal", args=[row.id]) if removable else "",
        )
        for row in attached
        if row.purpose != "signature"
    ]


def upload_url(*, kind: str, subject_id: UUID) -> str:
    """Where a page's files card sends its files."""
    return reverse("documents:files", args=[kind, subject_id])


def icon_of(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "image"
    return "file-text" if media_type == "application/pdf" else "paperclip"


def content_of(attachment_id: UUID | None) -> bytes | None:
    """The bytes of a picture for a printed document (logo, signature), or none. No access check: for services.

    :raises FileLost: the bytes are not in the data folder
    """
    if attachment_id is None:
        return None
    row = Attachment.objects.select_related("file").filter(pk=attachment_id).first()
    if row is None or not row.file.inline or not row.file.media_type.startswith("image/"):
        return None
    content = store.read(row.file.sha256)
    return content if sniff(content[:HEAD]).media_type in ("image/png", "image/jpeg") else None

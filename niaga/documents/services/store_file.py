"""Keeps the bytes of an upload: known by content, made harmless, stored once."""

from datetime import datetime
from typing import Protocol

from niaga.core.ids import new_id
from niaga.documents import store
from niaga.documents.errors import EmptyFile, FileTooLarge, NotAnImage
from niaga.documents.models import StoredFile
from niaga.documents.rules.file_kinds import HEAD, MOST_BYTES, Treatment, sniff
from niaga.documents.services.clean_image import clean_image
from niaga.documents.services.clean_pdf import UnreadablePdf, clean_pdf


class Readable(Protocol):
    """An open file or an upload."""

    def read(self, size: int, /) -> bytes: ...


def store_file(*, content: Readable | bytes, at: datetime, image_only: bool = False) -> StoredFile:
    """The stored file with these bytes, or with what they become.

    Pictures and PDFs are written anew and may be shown in the browser; what cannot be written anew, and every other
    kind, is kept as it came and only handed out as a download.

    :raises EmptyFile: there are no bytes
    :raises FileTooLarge: more than `MOST_BYTES`, or a picture with absurdly many pixels
    :raises NotAnImage: `image_only`, and it is none
    """
    raw = content if isinstance(content, bytes) else content.read(MOST_BYTES + 1)
    if not raw:
        raise EmptyFile(field="files")
    if len(raw) > MOST_BYTES:
        raise FileTooLarge(field="files")
    kind = sniff(raw[:HEAD])
    facts: dict[str, object] = {"media_type": kind.media_type, "inline": False}
    if kind.treatment is Treatment.IMAGE:
        try:
            image = clean_image(content=raw)
        except NotAnImage:
            if image_only:
                raise
            facts["media_type"] = "application/octet-stream"
        else:
            raw = image.content
            facts = {"media_type": image.media_type, "inline": True, "width": image.width, "height": image.height}
    elif image_only:
        raise NotAnImage(field="files")
    elif kind.treatment is Treatment.PDF:
        try:
            raw = clean_pdf(content=raw)
            facts["inline"] = True
        except UnreadablePdf:
            facts["media_type"] = "application/octet-stream"
    sha256 = store.keep(raw)
    row = StoredFile(id=new_id(), sha256=sha256, size=len(raw), created_at=at, **facts)
    # Of two uploads of the same bytes at once one writes the row, and both use it.
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(sha256=sha256)

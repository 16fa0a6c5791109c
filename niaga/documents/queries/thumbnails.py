"""Small pictures for lists and cards, made when they are first asked for and kept in the file store."""

from dataclasses import dataclass

from django.core.cache import cache

from niaga.core.errors import NotFound
from niaga.documents import store
from niaga.documents.errors import FileLost
from niaga.documents.models import StoredFile
from niaga.documents.services.clean_image import clean_image

SMALL, WIDE = 192, 720


@dataclass(frozen=True, slots=True)
class Thumbnail:
    sha256: str
    media_type: str


def thumbnail_of(file: StoredFile, *, wide: bool = False) -> Thumbnail:
    """A copy of the picture at most `SMALL` (or `WIDE`) pixels long; a picture that is as small already is itself.

    :raises NotFound: not a picture
    :raises FileLost: the bytes are not in the data folder
    """
    if not file.inline or not file.media_type.startswith("image/"):
        raise NotFound(field="attachment")
    side = WIDE if wide else SMALL
    if max(file.width or 0, file.height or 0) <= side:
        return Thumbnail(file.sha256, file.media_type)
    key = f"thumbnail:{file.sha256}:{side}"
    known: Thumbnail | None = cache.get(key)
    if known is not None and store.path_of(known.sha256).exists():
        return known
    image = clean_image(content=store.read(file.sha256), longest_side=side)
    made = Thumbnail(store.keep(image.content), image.media_type)
    cache.set(key, made, None)
    return made


def small_copy(file: StoredFile) -> bytes | None:
    """The bytes of a small copy for paper, PNG or JPEG. A picture whose bytes are lost is left out."""
    try:
        return store.read(thumbnail_of(file).sha256)
    except FileLost:
        return None

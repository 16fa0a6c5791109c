"""What a file is, by its first bytes; never by its name or by what the browser says."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import NamedTuple

HEAD = 1024
"""So many bytes are enough to tell."""
MOST_BYTES = 25 * 2**20
MOST_PIXELS = 50_000_000
LONGEST_NAME = 200


class Treatment(StrEnum):
    IMAGE = "image"
    """Decoded and encoded again."""
    PDF = "pdf"
    """Taken apart and written again without anything that acts."""
    KEEP = "keep"
    """Kept as it came, and only ever handed out as a download."""


class FileKind(NamedTuple):
    media_type: str
    treatment: Treatment
    icon: str


_OPAQUE = FileKind("application/octet-stream", Treatment.KEEP, "paperclip")
_SIGNATURES: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"\xff\xd8\xff", FileKind("image/jpeg", Treatment.IMAGE, "image")),
    (0, b"\x89PNG\r\n\x1a\n", FileKind("image/png", Treatment.IMAGE, "image")),
    (0, b"GIF87a", FileKind("image/gif", Treatment.IMAGE, "image")),
    (0, b"GIF89a", FileKind("image/gif", Treatment.IMAGE, "image")),
    (8, b"WEBP", FileKind("image/webp", Treatment.IMAGE, "image")),
    (0, b"%PDF-", FileKind("application/pdf", Treatment.PDF, "file-text")),
    (0, b"PK\x03\x04", FileKind("application/zip", Treatment.KEEP, "paperclip")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind("application/x-ole-storage", Treatment.KEEP, "paperclip")),
)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def sniff(head: bytes) -> FileKind:
    """The kind of a file that begins with `head`; what is not recognized is kept as opaque bytes."""
    for offset, signature, kind in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature and (
            kind.media_type != "image/webp" or head[:4] == b"RIFF"
        ):
            return kind
    return _OPAQUE


def clean_name(name: str) -> str:
    """The name a person gave, without folders and without characters that nobody sees; never empty, never hidden."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char) not in _UNSEEN)
    base = " ".join(base.split()).strip(". ")
    if len(base) > LONGEST_NAME:
        stem, dot, ending = base.rpartition(".")
        base = (
            f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else base[:LONGEST_NAME]
        )
    return base or "file"


def with_ending(name: str, media_type: str) -> str:
    """The name with the ending of what the file now is: a picture that was encoded again may have changed its kind."""
    ending = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}.get(media_type)
    if ending is None or name.lower().endswith((ending, ".jpeg") if ending == ".jpg" else ending):
        return name
    stem, dot, old = name.rpartition(".")
    return (stem if dot and len(old) <= 5 else name)[: LONGEST_NAME - len(ending)] + ending


def human_size(size: int) -> str:
    """`812 B`, `14 kB`, `2.3 MB`; a number and a unit, the same in both languages but for the decimal mark."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"

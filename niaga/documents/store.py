"""The file store: bytes under `$NIAGA_DATA/files`, each under its SHA-256, written once and never changed."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from niaga.documents.errors import FileLost


def folder() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256[2:4] / sha256


def keep(content: bytes) -> str:
    """Write the bytes, whole or not at all, and return their SHA-256. The same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        os.utime(path)  # young again: the cleaner spares it until its row is committed
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return sha256


def read(sha256: str) -> bytes:
    """:raises FileLost: the bytes are not in the data folder"""
    try:
        return path_of(sha256).read_bytes()
    except OSError as error:
        raise FileLost() from error


def kept() -> Iterator[tuple[Path, float]]:
    """Every file in the store, by its hash or as a part left over, with the time it was last written."""
    for path in folder().glob("*/*/*"):
        with contextlib.suppress(FileNotFoundError):
            yield path, path.stat().st_mtime

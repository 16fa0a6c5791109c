"""Identifiers: UUID version 7, so that keys sort by the time they were made (RFC 9562)."""

from collections.abc import Iterable
from uuid import UUID, SafeUUID

import uuid_utils

_UNKNOWN = SafeUUID.unknown


def id_array(ids: Iterable[UUID]) -> str:
    """Identifiers as the database reads an array of them: the driver takes three times as long to write one."""
    return "{" + ",".join([f"{one.int:032x}" for one in ids]) + "}"


def new_id() -> UUID:
    """A new UUIDv7. Made in Python, because PostgreSQL 15 to 17 have no `uuidv7()`.

    Set as `copy` and `pickle` set it: a long document has thousands, and reading arguments costs more than all else.
    """
    made = object.__new__(UUID)
    object.__setattr__(made, "int", uuid_utils.uuid7().int)
    object.__setattr__(made, "is_safe", _UNKNOWN)
    return made

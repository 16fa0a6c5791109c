"""Identifiers: UUID version 7, so that keys sort by the time they were made (RFC 9562)."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A new UUIDv7. Made in Python, because PostgreSQL 15 to 17 have no `uuidv7()`."""
    return UUID(int=uuid_utils.uuid7().int)

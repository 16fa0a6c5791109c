from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from niaga.portal.errors import TooOften
from niaga.portal.queries.visitors import Visitor, visitor_of_access
from niaga.portal.services.create_token import PREFIX
from niaga.portal.services.secrets import hash_of

OF_MINUTE = 300
"""Calls that a token may make within a minute."""
_STATEMENT = """
UPDATE portal_portaltoken SET last_used_at = %(at)s,
       calls = CASE WHEN last_used_at >= date_trunc('minute', %(at)s::timestamptz) THEN calls + 1 ELSE 1 END
 WHERE token_hash = %(hash)s AND revoked_at IS NULL AND expires_at > %(at)s
RETURNING id, access_id, may_write, calls
"""


@dataclass(frozen=True, slots=True)
class Program:
    """Who a token stands for, and whether it may do more than read."""

    token_id: UUID
    visitor: Visitor
    may_write: bool


def enter_by_token(*, text: str, at: datetime) -> Program | None:
    """The person behind a token, with the customer that it is for; None: unknown, expired, revoked, or their access is
    gone. Two statements; the use is noted and counted.

    :raises TooOften: 300 calls within a minute
    """
    if not text.startswith(PREFIX) or len(text) > 200:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"hash": hash_of(text), "at": at})
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, access_id, may_write, calls = row
    if calls > OF_MINUTE:
        raise TooOften()
    visitor = visitor_of_access(access_id=access_id, key=token_id, at=at)
    return None if visitor is None else Program(token_id, visitor, may_write)

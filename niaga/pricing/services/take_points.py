from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.batch import Batch
from niaga.pricing.errors import TooFewPoints
from niaga.pricing.rules.loyalty import given_back_until
from niaga.pricing.services._points import Posting, lock_points_account, lots_of

_USED = """
SELECT coalesce(-sum(points) FILTER (WHERE of_id IS NULL), 0), coalesce(sum(points) FILTER (WHERE of_id IS NOT NULL), 0)
  FROM pricing_pointsentry
 WHERE account_id = %s::uuid AND kind IN ('burn', 'give_back')
   AND ((subject_id = %s::uuid AND of_id IS NULL) OR of_id = %s::uuid)
"""
_ENDS = """
SELECT l.expires_on FROM pricing_pointsentry e JOIN pricing_pointstaking t ON t.entry_id = e.id
  JOIN pricing_pointslot l ON l.id = t.lot_id
 WHERE e.subject_id = %s::uuid AND e.kind = 'burn' ORDER BY l.expires_on DESC NULLS FIRST LIMIT 1
"""


def take_points(
    *,
    batch: Batch,
    source_kind: str,
    source_id: UUID,
    number: str,
    customer_id: UUID,
    wanted: int,
    today: date,
    by: UUID | None,
    at: datetime,
    had: bool = False,
) -> None:
    """Have a document use exactly `wanted` points of its customer, whatever it used before (`had`).

    Locks the points account: after the credit account, promotions and coupons, before stock. Nothing is asked when it
    uses none and used none. Points that end first go first; those it needs no longer come back until the day they had,
    or for 30 days when that is past.

    :raises TooFewPoints: the customer has not so many, perhaps no longer
    """
    if not wanted and not had:
        return
    account = lock_points_account(customer_id)
    if account is None:
        if wanted:
            raise TooFewPoints(available=0, wanted=wanted)
        return
    used, given = used_by(account.id, source_id) if had else (0, 0)
    posting = Posting(account, lots_of(account.id), by, at)
    facts: dict[str, Any] = {"subject_kind": source_kind, "subject_id": source_id, "number": number}
    more = wanted - used
    if more > 0:
        usable = posting.usable(today)
        if usable < more:
            raise TooFewPoints(available=max(0, usable), wanted=more)
        posting.take(kind="burn", points=more, today=today, **facts)
    else:
        back = -more if wanted else -more - given
        if back > 0:
            until = given_back_until(last_end(source_id), today)
            posting.add(kind="give_back", points=back, expires_on=until, **facts)
    posting.write(batch)


def used_by(account_id: UUID, source_id: UUID) -> tuple[int, int]:
    """What a document uses, and what of it came back since by credit notes and cancelled rests. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [account_id, source_id, source_id])
        used, given = cursor.fetchone()
    return int(used), int(given)


def last_end(source_id: UUID) -> date | None:
    """The latest last day among the points that a document used; None: they never end. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [source_id])
        row = cursor.fetchone()
    return row[0] if row else None

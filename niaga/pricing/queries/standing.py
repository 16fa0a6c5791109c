"""What a price must know of a member: the tier, and the points that can be used."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

_SQL = """
SELECT a.tier_id,
       (SELECT coalesce(sum(l.remaining), 0) FROM pricing_pointslot l WHERE l.account_id = a.id AND l.remaining > 0
           AND (l.expires_on IS NULL OR l.expires_on >= %s::date)) - a.owed
  FROM pricing_pointsaccount a WHERE a.customer_id = %s::uuid
"""
_TIERS = "SELECT customer_id, tier_id FROM pricing_pointsaccount WHERE customer_id = ANY(%s::uuid[])"


class Standing(NamedTuple):
    tier_id: UUID | None = None
    usable: int = 0
    """Points that have not ended, less what is owed; nought for who is no member."""


NO_STANDING = Standing()


def standing_on(*, customer_id: UUID, day: date) -> Standing:
    """One statement. The caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [day, customer_id])
        row = cursor.fetchone()
    return Standing(row[0], max(0, int(row[1]))) if row else NO_STANDING


def tiers_of_customers(customer_ids: set[UUID]) -> dict[UUID, UUID | None]:
    """By customer; who is no member is missing. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TIERS, [list(customer_ids)])
        return dict(cursor.fetchall())

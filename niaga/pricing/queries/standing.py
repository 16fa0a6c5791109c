"""What a price must know of a member: the tier, and the points that can be used."""

from datetime import date
from decimal import Decimal
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


_OFFER = """
SELECT p.currency, p.point_value,
       (SELECT coalesce(sum(l.remaining), 0) FROM pricing_pointslot l WHERE l.account_id = a.id AND l.remaining > 0
           AND (l.expires_on IS NULL OR l.expires_on >= %s::date)) - a.owed,
       e.points, e.expires_on
  FROM pricing_pointsaccount a JOIN pricing_loyaltyprogramme p ON p.company_id = a.company_id
  LEFT JOIN LATERAL (
         SELECT l.expires_on, sum(l.remaining) AS points FROM pricing_pointslot l
          WHERE l.account_id = a.id AND l.remaining > 0 AND p.notice_days > 0
            AND l.expires_on BETWEEN %s::date AND %s::date + p.notice_days
          GROUP BY 1 ORDER BY 1 LIMIT 1) e ON true
 WHERE a.customer_id = %s::uuid AND a.company_id = %s::uuid AND a.balance > 0 AND p.is_on AND p.point_value > 0
   AND (p.valid_from IS NULL OR p.valid_from <= %s::date) AND (p.valid_to IS NULL OR p.valid_to >= %s::date)
"""


class PointsOffer(NamedTuple):
    """Points that a customer could use now, and what all of them are worth.

    `ending` of them end first, on `ends_on`, when that is within the programme's days of notice.
    """

    usable: int
    value: Decimal
    currency: str
    ending: int = 0
    ends_on: date | None = None


def points_on_offer(*, company_id: UUID, customer_id: UUID, day: date) -> PointsOffer | None:
    """None: no programme is on, or the customer has no points to use. One statement; the caller has checked access."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFER, [day, day, day, customer_id, company_id, day, day])
        row = cursor.fetchone()
    if row is None or row[2] <= 0:
        return None
    currency, value, usable, ending, ends_on = row
    return PointsOffer(int(usable), usable * value, currency, int(ending or 0), ends_on)

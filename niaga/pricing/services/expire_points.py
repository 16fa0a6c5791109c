from datetime import datetime

from django.db import connection, transaction

AT_ONCE = 500

# Members with points whose last day is over where their company is.
_OVER = """
SELECT a.id FROM pricing_pointsaccount a JOIN organization_company c ON c.id = a.company_id
 WHERE a.id IN (
         SELECT l.account_id FROM pricing_pointslot l
          WHERE l.remaining > 0 AND l.expires_on < (%(at)s::timestamptz AT TIME ZONE 'Pacific/Kiritimati')::date)
   AND EXISTS (SELECT 1 FROM pricing_pointslot l WHERE l.account_id = a.id AND l.remaining > 0
                  AND l.expires_on < (%(at)s::timestamptz AT TIME ZONE c.zone)::date)
 ORDER BY a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED
"""
_END = """
WITH ended AS (
  SELECT l.id, l.account_id, l.remaining FROM pricing_pointslot l
    JOIN pricing_pointsaccount a ON a.id = l.account_id JOIN organization_company c ON c.id = a.company_id
   WHERE l.account_id = ANY(%(accounts)s::uuid[]) AND l.remaining > 0
     AND l.expires_on < (%(at)s::timestamptz AT TIME ZONE c.zone)::date),
sums AS (SELECT account_id, gen_random_uuid() AS entry_id, sum(remaining)::int AS points FROM ended GROUP BY 1),
entries AS (
  INSERT INTO pricing_pointsentry (id, account_id, kind, points, subject_kind, number, amount, facts, reason, at)
  SELECT entry_id, account_id, 'expire', -points, '', '', 0, '{}', '', %(at)s::timestamptz FROM sums),
takings AS (
  INSERT INTO pricing_pointstaking (id, entry_id, lot_id, points)
  SELECT gen_random_uuid(), s.entry_id, e.id, e.remaining FROM ended e JOIN sums s USING (account_id)),
lots AS (UPDATE pricing_pointslot l SET remaining = 0 FROM ended e WHERE l.id = e.id)
UPDATE pricing_pointsaccount a SET balance = a.balance - s.points FROM sums s WHERE a.id = s.account_id
"""


@transaction.atomic
def expire_points(*, at: datetime) -> int:
    """End the points of up to 500 members whose last day is over by their company's calendar. Returns how many members.

    A member whose points are being used at this moment is left for the next time. However many workers: once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVER, {"at": at, "most": AT_ONCE})
        accounts = [row[0] for row in cursor.fetchall()]
        if accounts:
            cursor.execute(_END, {"at": at, "accounts": accounts})
    return len(accounts)

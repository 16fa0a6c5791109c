from datetime import datetime

from django.db import connection, transaction

AT_ONCE = 500

_DUE = """
SELECT a.id FROM pricing_pointsaccount a JOIN organization_company c ON c.id = a.company_id
  JOIN pricing_loyaltyprogramme p ON p.company_id = a.company_id
 WHERE a.tier_id IS NOT NULL AND a.tier_until < (%(at)s::timestamptz AT TIME ZONE c.zone)::date
 ORDER BY a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED
"""
_AGAIN = """
WITH due AS (
  SELECT a.id, a.company_id, a.tier_id AS before_id,
         ((%(at)s::timestamptz AT TIME ZONE c.zone)::date + make_interval(months => p.tier_months))::date AS until,
         (SELECT coalesce(sum(e.points), 0) FROM pricing_pointsentry e
           WHERE e.account_id = a.id AND e.kind IN ('earn', 'take_back')
             AND e.at >= %(at)s::timestamptz - make_interval(months => p.tier_months)) AS earned
    FROM pricing_pointsaccount a JOIN organization_company c ON c.id = a.company_id
    JOIN pricing_loyaltyprogramme p ON p.company_id = a.company_id
   WHERE a.id = ANY(%(accounts)s::uuid[])),
reached AS (
  SELECT due.*, (SELECT t.id FROM pricing_loyaltytier t
                  WHERE t.company_id = due.company_id AND t.archived_at IS NULL
                    AND t.threshold <= greatest(due.earned, 0)
                  ORDER BY t.threshold DESC LIMIT 1) AS tier_id
    FROM due),
told AS (
  INSERT INTO pricing_tierchange (id, account_id, tier_id, before_id, until, by_hand, reason, at)
  SELECT gen_random_uuid(), id, tier_id, before_id, CASE WHEN tier_id IS NULL THEN NULL ELSE until END, false, '',
         %(at)s::timestamptz
    FROM reached WHERE tier_id IS DISTINCT FROM before_id)
UPDATE pricing_pointsaccount a
   SET tier_id = r.tier_id, tier_until = CASE WHEN r.tier_id IS NULL THEN NULL ELSE r.until END, tier_by_hand = false
  FROM reached r WHERE a.id = r.id
"""


@transaction.atomic
def end_tiers(*, at: datetime) -> int:
    """Give up to 500 members whose tier's last day is over the tier that their points of the last months reach.

    Returns how many; a tier that is kept begins a new period. However many workers: once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "most": AT_ONCE})
        accounts = [row[0] for row in cursor.fetchall()]
        if accounts:
            cursor.execute(_AGAIN, {"at": at, "accounts": accounts})
    return len(accounts)

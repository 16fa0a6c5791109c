from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier, PointsAccount, TierChange
from niaga.pricing.rules.loyalty import last_day, months_after, tier_reached
from niaga.pricing.services._points import Posting, earned_lately, open_points_account, tiers_of
from niaga.pricing.services._welcome import welcome


@transaction.atomic
def set_tier(
    *, customer_id: UUID, tier_id: UUID | None, until: date | None, reason: str, by: Actor, at: datetime
) -> PointsAccount:
    """Give a customer a tier by hand until a day (its last one), or with `tier_id=None` the one their points reach.

    Until then only points that reach a higher tier change it. A customer who is no member becomes one, with the
    welcome points.

    :raises NotFound: no such customer, or none that `by` may see; no such tier
    :raises Forbidden: `by` may not adjust points
    :raises Invalid: no reason; no day, or one that is past; the company has no programme
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "adjust", company_id=customer.company_id)
    reason = reason.replace("\x00", "").strip()
    today = day_at(at=at, zone=company_basics(customer.company_id).zone)
    if not reason:
        raise Invalid(_("Say why; it stays beside the tier."), field="reason")
    if tier_id is not None and (until is None or until < today):
        raise Invalid(_("Say until which day, today or later."), field="until")
    programme = LoyaltyProgramme.objects.filter(company_id=customer.company_id).first()
    if programme is None:
        raise Invalid(_("The company has no loyalty programme yet."), field="tier_id")
    if tier_id is not None and not _has_tier(customer.company_id, tier_id):
        raise NotFound(field="tier_id")
    account, is_new = open_points_account(company_id=customer.company_id, customer_id=customer.id, at=at)
    posting = Posting(account, [], by.id, at)
    if is_new:
        welcome(posting, points=programme.welcome_points, expires_on=last_day(today, programme.expires_after))
    by_hand = tier_id is not None
    if not by_hand:
        lately = earned_lately(account.id, at=at, months=programme.tier_months)
        reached = tier_reached(tiers_of(customer.company_id), lately)
        tier_id = reached.id if reached else None
        until = months_after(today, programme.tier_months) if reached else None
    batch = Batch()
    posting.write(batch, tier_id=tier_id, tier_until=until, tier_by_hand=by_hand)
    batch.insert(
        TierChange,
        [{"id": new_id(), "account_id": account.id, "tier_id": tier_id, "before_id": account.tier_id, "until": until,
          "by_hand": by_hand, "reason": reason, "by": by.id, "at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="points", subject_id=account.id, verb="set_tier", by=by.id, at=at,
        company_id=customer.company_id, note=reason,
        data={"tier_id": [str(account.tier_id or ""), str(tier_id or "")], "until": str(until or "")},
    )  # fmt: skip
    batch.write()
    return PointsAccount.objects.get(pk=account.id)


def _has_tier(company_id: UUID, tier_id: UUID) -> bool:
    return LoyaltyTier.objects.filter(pk=tier_id, company_id=company_id, archived_at=None).exists()

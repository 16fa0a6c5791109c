from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for
from niaga.pricing.errors import TooFewPoints
from niaga.pricing.models import LoyaltyProgramme, PointsAccount
from niaga.pricing.rules.loyalty import MOST_POINTS, last_day
from niaga.pricing.services._points import Posting, lots_of, open_points_account, raised_tier, tiers_of
from niaga.pricing.services._welcome import welcome


@transaction.atomic
def adjust_points(*, customer_id: UUID, points: int, reason: str, by: Actor, at: datetime) -> PointsAccount:
    """Give a customer points by hand, or take some (below zero). A customer who is no member becomes one, as by
    `join_programme`.

    Points given end as the programme says; they count for no tier.

    :raises NotFound: no such customer, or none that `by` may see
    :raises Forbidden: `by` may not adjust points
    :raises Invalid: no points, too many, no reason, or the company has no programme
    :raises TooFewPoints: more would be taken than there are
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "adjust", company_id=customer.company_id)
    reason = reason.replace("\x00", "").strip()
    if not points or abs(points) > MOST_POINTS // 100:
        raise Invalid(_("Give a whole number of points, above or below zero."), field="points")
    if not reason:
        raise Invalid(_("Say why; it stays beside the points."), field="reason")
    programme = LoyaltyProgramme.objects.filter(company_id=customer.company_id).first()
    if programme is None:
        raise Invalid(_("The company has no loyalty programme yet."), field="points")
    today = day_at(at=at, zone=company_basics(customer.company_id).zone)
    account, is_new = open_points_account(company_id=customer.company_id, customer_id=customer.id, at=at)
    posting = Posting(account, lots_of(account.id), by.id, at)
    until = last_day(today, programme.expires_after)
    if is_new:
        welcome(posting, points=programme.welcome_points, expires_on=until)
    if points > 0:
        if posting.balance + points > MOST_POINTS:
            raise Invalid(_("Give a whole number of points, above or below zero."), field="points")
        posting.add(kind="adjust", points=points, expires_on=until, reason=reason)
    else:
        usable = posting.usable(today)
        if usable < -points:
            raise TooFewPoints(available=max(0, usable), wanted=-points)
        posting.take(kind="adjust", points=-points, today=today, reason=reason)
    batch = Batch()
    raised = {}
    if is_new:
        tiers, months = tiers_of(customer.company_id), programme.tier_months
        raised = raised_tier(batch, account, tiers=tiers, earned=0, months=months, today=today, at=at)
    posting.write(batch, **raised)
    record(
        batch=batch, subject_kind="points", subject_id=account.id, verb="adjust", by=by.id, at=at,
        company_id=customer.company_id, note=reason, data={"points": points, "customer_id": str(customer.id)},
    )  # fmt: skip
    batch.write()
    return PointsAccount.objects.get(pk=account.id)

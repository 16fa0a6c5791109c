from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import PointsAccount
from niaga.pricing.queries.earn_rule import earn_rule
from niaga.pricing.rules.loyalty import last_day
from niaga.pricing.services._points import Posting, open_points_account, raised_tier, tiers_of
from niaga.pricing.services._welcome import welcome


@transaction.atomic
def join_programme(*, customer_id: UUID, by: Actor, at: datetime) -> PointsAccount:
    """Make a customer a member, with the welcome points and the tier that asks for none. A second time changes nothing.

    :raises NotFound: no such customer, or none that `by` may see
    :raises Forbidden: `by` may not adjust points
    :raises WrongState: no programme is on today
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "adjust", company_id=customer.company_id)
    today = day_at(at=at, zone=company_basics(customer.company_id).zone)
    rule = earn_rule(company_id=customer.company_id, on=today)
    if rule is None:
        raise WrongState()
    account, is_new = open_points_account(company_id=customer.company_id, customer_id=customer.id, at=at)
    if is_new:
        batch = Batch()
        posting = Posting(account, [], by.id, at)
        welcome(posting, points=rule.welcome_points, expires_on=last_day(today, rule.expires_after))
        tiers = tiers_of(customer.company_id)
        raised = raised_tier(batch, account, tiers=tiers, earned=0, months=rule.tier_months, today=today, at=at)
        posting.write(batch, **raised)
        record(
            batch=batch, subject_kind="points", subject_id=account.id, verb="join", by=by.id, at=at,
            company_id=customer.company_id, data={"customer_id": str(customer.id)},
        )  # fmt: skip
        batch.write()
    return PointsAccount.objects.get(pk=account.id)

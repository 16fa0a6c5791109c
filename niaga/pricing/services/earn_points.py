from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.pricing.queries.earn_rule import EarningLine, EarnRule, earning_amounts, was_earned
from niaga.pricing.rules.loyalty import earned_on, last_day
from niaga.pricing.services._points import (
    Posting,
    earned_lately,
    lots_of,
    open_points_account,
    raised_tier,
    tiers_of,
)
from niaga.pricing.services._welcome import welcome

NOUGHT = Decimal(0)


@transaction.atomic
def earn_points(
    *,
    rule: EarnRule,
    company_id: UUID,
    customer_id: UUID,
    subject_kind: str,
    subject_id: UUID,
    number: str,
    on: date,
    lines: Sequence[EarningLine],
    at: datetime,
) -> int:
    """Give a customer the points of an issued document, by the rule that holds on its day. Returns how many.

    Once for a document, however often it is told. Charges, excluded goods and, if the programme says so, promoted
    lines earn nothing; the tier's multiplier counts as it stands before. A customer who is no member becomes one.
    """
    counted = earning_amounts(rule, company_id, lines)
    amount = sum(counted.values(), NOUGHT)
    if amount <= 0:
        return 0
    account, is_new = open_points_account(company_id=company_id, customer_id=customer_id, at=at)
    if was_earned(subject_id):
        return 0
    tiers = tiers_of(company_id)
    multiplier = next((one.multiplier for one in tiers if one.id == account.tier_id), Decimal(1))
    points = earned_on(amount, points=rule.points, per_amount=rule.per_amount, multiplier=multiplier)
    batch = Batch()
    posting = Posting(account, [] if is_new else lots_of(account.id), None, at)
    if is_new:
        welcome(posting, points=rule.welcome_points, expires_on=last_day(on, rule.expires_after))
    if points:
        posting.add(
            kind="earn", points=points, expires_on=last_day(on, rule.expires_after), subject_kind=subject_kind,
            subject_id=subject_id, number=number, amount=amount, facts=_told(rule, counted, multiplier),
        )  # fmt: skip
    lately = earned_lately(account.id, at=at, months=rule.tier_months) + points
    raised = raised_tier(batch, account, tiers=tiers, earned=lately, months=rule.tier_months, today=on, at=at)
    posting.write(batch, **raised)
    batch.write()
    return points


def _told(rule: EarnRule, counted: dict[UUID, Decimal], multiplier: Decimal) -> dict[str, object]:
    return {
        "points": rule.points, "per_amount": str(rule.per_amount), "with_tax": rule.with_tax,
        "multiplier": str(multiplier), "lines": {str(key): str(amount) for key, amount in counted.items()},
    }  # fmt: skip

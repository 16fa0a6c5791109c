from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.pricing.models import PointsEntry
from niaga.pricing.rules.loyalty import earned_on, to_take_back
from niaga.pricing.services._points import Posting, lock_points_account, lots_of

NOUGHT = Decimal(0)


@transaction.atomic
def take_back_points(
    *,
    customer_id: UUID,
    earned_by: UUID,
    credited: Mapping[UUID, tuple[Decimal, Decimal]],
    subject_kind: str,
    subject_id: UUID,
    number: str,
    at: datetime,
) -> int:
    """Take back of the points that the invoice `earned_by` gave the part that is credited by now. Returns how many.

    `credited` is, by line of the invoice, net and tax that were credited in all. What stays is what the rest would have
    earned by the rule of then; all goes when all is credited, and never more than was earned. Points leave the lot they
    came in first; when they were used already, the account owes them. Once for a credit note (`subject_id`), however
    often it is told.
    """
    account = lock_points_account(customer_id)
    if account is None:
        return 0
    entries = list(PointsEntry.objects.filter(account_id=account.id, subject_id__in=(earned_by, subject_id)))
    entries += PointsEntry.objects.filter(account_id=account.id, of_id=earned_by, kind="take_back")
    earning = next((one for one in entries if one.kind == "earn" and one.subject_id == earned_by), None)
    if earning is None or any(one.kind == "take_back" and one.subject_id == subject_id for one in entries):
        return 0
    rule = earning.facts
    lines, with_tax = rule["lines"], rule["with_tax"]
    amount = sum((net + tax if with_tax else net for key, (net, tax) in credited.items() if str(key) in lines), NOUGHT)
    taken = -sum(one.points for one in entries if one.kind == "take_back" and one.of_id == earned_by)
    stays = earned_on(
        earning.amount - amount, points=rule["points"], per_amount=Decimal(rule["per_amount"]),
        multiplier=Decimal(rule["multiplier"]),
    )  # fmt: skip
    points = to_take_back(earned=earning.points, stays=stays, taken=taken)
    if not points:
        return 0
    batch = Batch()
    posting = Posting(account, lots_of(account.id), None, at)
    posting.take(
        kind="take_back", points=points, first=earning.lot.pk, may_owe=True, subject_kind=subject_kind,
        subject_id=subject_id, number=number, of_id=earned_by,
    )  # fmt: skip
    posting.write(batch)
    batch.write()
    return points

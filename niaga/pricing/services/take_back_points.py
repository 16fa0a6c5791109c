from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.pricing.models import PointsEntry
from niaga.pricing.rules.loyalty import to_take_back
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

    `credited` is, by line of the invoice, net and tax that were credited in all. Never more goes than was earned; all
    goes when all is credited. They leave the lot they came in first; when they were used already, the account owes
    them. Once for a credit note (`subject_id`), however often it is told.
    """
    account = lock_points_account(customer_id)
    if account is None:
        return 0
    entries = list(PointsEntry.objects.filter(account_id=account.id, subject_id__in=(earned_by, subject_id)))
    entries += PointsEntry.objects.filter(account_id=account.id, of_id=earned_by, kind="take_back")
    earning = next((one for one in entries if one.kind == "earn" and one.subject_id == earned_by), None)
    if earning is None or any(one.kind == "take_back" and one.subject_id == subject_id for one in entries):
        return 0
    lines = earning.facts["lines"]
    with_tax = earning.facts["with_tax"]
    amount = sum((net + tax if with_tax else net for key, (net, tax) in credited.items() if str(key) in lines), NOUGHT)
    taken = -sum(one.points for one in entries if one.kind == "take_back" and one.of_id == earned_by)
    points = to_take_back(earned=earning.points, amount=earning.amount, credited=amount, taken=taken)
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

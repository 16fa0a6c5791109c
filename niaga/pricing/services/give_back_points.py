from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.pricing.rules.loyalty import given_back_until, to_give_back
from niaga.pricing.services._points import Posting, lock_points_account, lots_of
from niaga.pricing.services.take_points import last_end, used_by


def give_back_points(
    *,
    batch: Batch,
    source_id: UUID,
    used_on_source: Decimal,
    returned: Decimal,
    customer_id: UUID,
    subject_kind: str,
    subject_id: UUID,
    number: str,
    today: date,
    by: UUID | None,
    at: datetime,
) -> int:
    """Give back of the points that a document used the part that is undone by now. Returns how many came back.

    They took `used_on_source` off the document `source_id`, of which `returned` is credited or cancelled in all;
    what came back before is counted, so telling it twice changes nothing. They are a lot of their own, until the day
    they had, or for 30 days when that is past.
    """
    account = lock_points_account(customer_id)
    if account is None:
        return 0
    used, given = used_by(account.id, source_id)
    back = to_give_back(used=used, amount=used_on_source, returned=returned, given=given)
    if not back:
        return 0
    posting = Posting(account, lots_of(account.id), by, at)
    posting.add(
        kind="give_back", points=back, expires_on=given_back_until(last_end(source_id), today),
        subject_kind=subject_kind, subject_id=subject_id, number=number, of_id=source_id,
    )  # fmt: skip
    posting.write(batch)
    return back

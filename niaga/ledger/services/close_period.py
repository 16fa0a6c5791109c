from calendar import monthrange
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.ledger.models import FiscalPeriod
from niaga.organization.access import access_of
from niaga.organization.models import User


@transaction.atomic
def close_period(*, company_id: UUID, month: date, by: User, at: datetime) -> None:
    """Close the books of `month`'s month: nothing is posted into it any more.

    Waits for postings under way, by locking the journal against inserts while the month is marked.

    :raises Forbidden: the person may not manage the books
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_journalentry IN SHARE ROW EXCLUSIVE MODE")
    starts, ends = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
    period, _made = FiscalPeriod.objects.update_or_create(
        company_id=company_id, starts=starts, defaults={"ends": ends, "closed_at": at, "closed_by": by.id}
    )
    _note("close", period, by, at)


@transaction.atomic
def reopen_period(*, company_id: UUID, month: date, by: User, at: datetime) -> None:
    """Open a closed month again.

    :raises Forbidden: the person may not manage the books
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    for period in FiscalPeriod.objects.select_for_update().filter(company_id=company_id, starts=month.replace(day=1)):
        period.closed_at, period.closed_by = None, None
        period.save(update_fields=["closed_at", "closed_by"])
        _note("reopen", period, by, at)


def _note(verb: str, period: FiscalPeriod, by: User, at: datetime) -> None:
    batch = Batch()
    record(
        batch=batch, subject_kind="period", subject_id=period.id, verb=verb, by=by.id, at=at,
        company_id=period.company_id, data={"starts": str(period.starts)},
    )  # fmt: skip
    batch.write()

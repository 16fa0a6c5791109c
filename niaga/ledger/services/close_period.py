from calendar import monthrange
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.ledger.models import FiscalPeriod
from niaga.ledger.models.journal import BOOKS_LOCK
from niaga.organization.access import Actor, access_of


@transaction.atomic
def close_period(*, company_id: UUID, month: date, by: Actor, at: datetime) -> None:
    """Close the books of `month`'s month: nothing is posted into it any more.

    Waits for postings under way, and lets later ones wait until the month is marked.

    :raises Forbidden: the person may not close the books
    """
    access_of(by).require("period", "close", company_id=company_id)
    lock_books(company_id)
    starts, ends = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
    period, _made = FiscalPeriod.objects.update_or_create(
        company_id=company_id, starts=starts, defaults={"ends": ends, "closed_at": at, "closed_by": by.id}
    )
    note_period("close", period, by, at)


def lock_books(company_id: UUID) -> None:
    """Hold the company's books against postings until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({BOOKS_LOCK.format('%s')})", [company_id])


def note_period(verb: str, period: FiscalPeriod, by: Actor, at: datetime) -> None:
    """Write the audit row of what happened to a month, with its reason where there is one."""
    batch = Batch()
    record(
        batch=batch, subject_kind="period", subject_id=period.id, verb=verb, by=by.id, at=at,
        company_id=period.company_id, data={"starts": str(period.starts)},
    )  # fmt: skip
    batch.write()

from datetime import date, datetime
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.stock.models import ExpectedReceipt


def postpone_direct(
    *, batch: Batch, expected: ExpectedReceipt, expected_date: date, by: UUID | None, at: datetime
) -> None:
    """Add to the batch the day on which a supplier sends what goes straight to a customer."""
    if expected.expected_date == expected_date:
        return
    batch.update(
        ExpectedReceipt, where={"id": expected.id},
        values={"expected_date": expected_date, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="expected_receipt", subject_id=expected.id, verb="postpone", by=by, at=at,
        company_id=expected.company_id, data={"expected_date": [str(expected.expected_date), str(expected_date)]},
    )  # fmt: skip

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import StaleVersion, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ComesByTransfer, GoesStraight, ReasonMissing
from niaga.stock.events import IncomingChanged
from niaga.stock.models import ExpectedReceipt
from niaga.stock.queries.expected import lock_expected


@transaction.atomic
def postpone_expected(
    *, expected_id: UUID, expected_date: date, reason: str, version: int | None = None, by: Actor, at: datetime
) -> ExpectedReceipt:
    """Expect goods for another day. Orders that were promised of them are promised anew.

    :raises NotFound: no such expected receipt
    :raises Forbidden: the person may not change it
    :raises ComesByTransfer: another warehouse sent the goods
    :raises GoesStraight: the goods go from a supplier straight to a customer
    :raises WrongState: it was received or cancelled
    :raises StaleVersion: somebody saved in between
    :raises ReasonMissing: nothing says why
    """
    expected = lock_expected(expected_id)
    access_of(by).require("stock", "change", expected.warehouse)
    if expected.transfer_id is not None:
        raise ComesByTransfer()
    if expected.sent_by_id is not None:
        raise GoesStraight()
    if expected.status != "open":
        raise WrongState()
    if version is not None and version != expected.version:
        raise StaleVersion()
    if not reason.strip():
        raise ReasonMissing(field="reason")
    batch = Batch()
    batch.update(
        ExpectedReceipt, where={"id": expected.id},
        values={"expected_date": expected_date, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="expected_receipt", subject_id=expected.id, verb="postpone", by=by.id, at=at,
        company_id=expected.company_id, note=reason.strip()[:200],
        data={"expected_date": [str(expected.expected_date), str(expected_date)]},
    )  # fmt: skip
    announce(
        batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    expected.expected_date = expected_date
    expected.version += 1
    return expected

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch, Sql
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ReasonMissing
from niaga.stock.events import IncomingChanged
from niaga.stock.models import ExpectedReceipt, Transfer
from niaga.stock.queries.transfers import lock_transfer
from niaga.stock.rules.transit import transfer_flow


@transaction.atomic
def postpone_transfer(*, transfer_id: UUID, expected_date: date, reason: str, by: Actor, at: datetime) -> Transfer:
    """Expect what is on its way for another day. Orders that were promised of it are promised anew.

    :raises NotFound: no such transfer
    :raises Forbidden: the person may change stock of neither warehouse
    :raises WrongState: it is not on its way
    :raises ReasonMissing: nothing says why
    """
    transfer = lock_transfer(transfer_id)
    access = access_of(by)
    if not access.reaches("stock", "change", transfer.source):
        access.require("stock", "change", transfer.target)
    reason = reason.strip()
    batch = Batch()
    move(
        batch=batch, flow=transfer_flow, document=transfer, move="postpone", by=by.id, at=at, note=reason[:200],
        values={"expected_date": expected_date},
        data={"expected_date": [str(transfer.expected_date), str(expected_date)]},
    )  # fmt: skip
    if not reason:
        raise ReasonMissing(field="reason")
    expected = ExpectedReceipt.objects.select_for_update().get(transfer_id=transfer.id)
    batch.update(
        ExpectedReceipt, where={"id": expected.id},
        values={"expected_date": expected_date, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    announce(
        batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    transfer.expected_date = expected_date
    return transfer

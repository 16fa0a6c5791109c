from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ComesByTransfer, GoesStraight
from niaga.stock.events import IncomingChanged
from niaga.stock.models import ExpectedReceipt
from niaga.stock.queries.expected import lock_expected
from niaga.stock.rules.count_flow import expected_flow


@transaction.atomic
def cancel_expected(*, expected_id: UUID, reason: str = "", by: Actor, at: datetime) -> ExpectedReceipt:
    """Stop waiting for goods; what came already stays received.

    :raises NotFound: no such expected receipt
    :raises Forbidden: the person may not cancel it
    :raises ComesByTransfer: another warehouse sent the goods
    :raises GoesStraight: the goods go from a supplier straight to a customer
    :raises WrongState: it was received or cancelled
    """
    expected = lock_expected(expected_id)
    access_of(by).require("stock", "cancel", expected.warehouse)
    if expected.transfer_id is not None:
        raise ComesByTransfer()
    if expected.sent_by_id is not None:
        raise GoesStraight()
    batch = Batch()
    move(batch=batch, flow=expected_flow, document=expected, move="cancel", by=by.id, at=at, note=reason)
    announce(
        batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return expected

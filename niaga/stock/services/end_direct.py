from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.stock.models import ExpectedReceipt
from niaga.stock.rules.count_flow import expected_flow


def end_direct(
    *, batch: Batch, expected: ExpectedReceipt, came_before: bool, note: str, by: UUID | None, at: datetime
) -> None:
    """Add to the batch that nothing more of it is sent straight to the customer.

    :raises WrongState: it is over already
    """
    verb = "receive" if came_before else "cancel"
    move(batch=batch, flow=expected_flow, document=expected, move=verb, by=by, at=at, note=note)

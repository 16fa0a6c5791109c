from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.invoicing.models import Invoice
from niaga.invoicing.rules.invoice_flow import invoice_flow


def discard_draft(*, batch: Batch, invoice: Invoice, reason: str = "", by: UUID | None, at: datetime) -> None:
    """Add the discarding of a locked draft to the batch. No number was drawn, so none is missed.

    :raises WrongState: it is issued or discarded
    """
    move(batch=batch, flow=invoice_flow, document=invoice, move="discard", by=by, at=at, note=reason)

from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.invoicing.models import Invoice, InvoiceKind
from niaga.invoicing.rules.invoice_flow import invoice_flow


def discard_draft(
    *, batch: Batch, invoice: Invoice, reason: str = "", keeps_days: bool = False, by: UUID | None, at: datetime
) -> None:
    """Add the discarding of a locked draft to the batch. No number was drawn, so none is missed. What a late fee's
    draft charged may be charged anew, but where it was waived (`keeps_days`).

    :raises WrongState: it is issued or discarded
    """
    move(batch=batch, flow=invoice_flow, document=invoice, move="discard", by=by, at=at, note=reason)
    if invoice.kind == InvoiceKind.LATE_FEE and not keeps_days:
        fee = "SELECT id FROM invoicing_latefee WHERE invoice_id = %s::uuid"
        batch.sql(
            "freed_days",
            "UPDATE invoicing_latefeedays SET released_at = %s::timestamptz"
            f" WHERE fee_id IN ({fee}) AND released_at IS NULL RETURNING 1",
            [at, invoice.pk],
        )
        batch.sql(
            "freed_fee",
            "UPDATE invoicing_latefee SET released_at = %s::timestamptz WHERE invoice_id = %s::uuid RETURNING 1",
            [at, invoice.pk],
        )

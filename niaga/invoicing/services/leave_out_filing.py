from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.services.lock_filings import lock_filing
from niaga.invoicing.services.move_filing import move_filing
from niaga.organization.access import Actor


@transaction.atomic
def leave_out_filing(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Leave an invoice out of what is to be filed, such as one that was filed by hand in a sum of retail sales.

    :raises NotFound, Forbidden: no such taxed invoice, or the person may not
    :raises WrongState: it is in a file, filed or cancelled
    :raises ReasonMissing: no reason
    """
    filing = lock_filing(invoice_id=invoice_id, by=by, at=at)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    note = reason.strip()[:1000]
    batch = Batch()
    move_filing(batch=batch, filing=filing, move="leave_out", note=note, by=by, at=at, values={"reason": note})
    batch.write()

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.services.lock_filings import lock_filing
from niaga.invoicing.services.move_filing import move_filing
from niaga.organization.access import Actor


@transaction.atomic
def cancel_filing(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Note that the tax invoice was cancelled in Coretax. The invoice itself stays: a credit note corrects it.

    :raises NotFound, Forbidden: no such taxed invoice, or the person may not
    :raises WrongState: it has no serial number
    :raises ReasonMissing: no reason
    """
    filing = lock_filing(invoice_id=invoice_id, by=by, at=at)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    note = reason.strip()[:1000]
    batch = Batch()
    move_filing(batch=batch, filing=filing, move="cancel", note=note, by=by, at=at, values={"reason": note})
    batch.write()

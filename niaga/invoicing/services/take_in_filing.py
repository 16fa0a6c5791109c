from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.invoicing.errors import PutRightAlready
from niaga.invoicing.models import Correction
from niaga.invoicing.services.lock_filings import lock_filing
from niaga.invoicing.services.move_filing import move_filing
from niaga.organization.access import Actor


@transaction.atomic
def take_in_filing(*, invoice_id: UUID, by: Actor, at: datetime) -> None:
    """Put an invoice that was left out or cancelled back among those to be filed; its old serials are kept.

    :raises NotFound, Forbidden: no such taxed invoice, or the person may not
    :raises WrongState: it is there, in a file, or filed
    :raises PutRightAlready: another invoice took its place
    """
    filing = lock_filing(invoice_id=invoice_id, by=by, at=at)
    if Correction.objects.filter(invoice_id=invoice_id).exists():
        raise PutRightAlready()
    batch = Batch()
    move_filing(
        batch=batch, filing=filing, move="take_in", by=by, at=at,
        values={"reason": "", "serial": "", "filed_on": None, "file_id": None},
    )  # fmt: skip
    batch.write()

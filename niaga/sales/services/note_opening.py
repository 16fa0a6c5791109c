from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.sales.events import QuotationChanged


def note_opening(*, quotation_id: UUID, number: str, customer_id: UUID, company_id: UUID, at: datetime) -> None:
    """Tell whoever has the quotation's page open that the customer is looking at it. The opening itself is counted
    by documents."""
    batch = Batch()
    announce(
        batch=batch, event=QuotationChanged(quotation_id, number, customer_id, "opened"),
        company_id=company_id, by=None, at=at,
    )  # fmt: skip
    batch.write()

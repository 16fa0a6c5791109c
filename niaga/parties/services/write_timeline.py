from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch
from niaga.parties.models import TimelineEntry


def write_timeline(
    *,
    batch: Batch,
    customer_id: UUID,
    company_id: UUID,
    kind: str,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    number: str | object = "",
    amount: Decimal | None = None,
    currency: str = "",
    text: str = "",
    actor_id: UUID | None = None,
    at: datetime,
) -> None:
    """Add a line to the customer's story: `kind` such as `quotation.sent`, `invoice.issued`, `note`.

    `number` is the document's number, or the `Drawn` that the same batch draws. `text` is what a person wrote; what
    happened is told by `kind` in the reader's language. `actor_id` is empty for the customer and the system.
    """
    batch.insert(
        TimelineEntry,
        [
            {
                "customer_id": customer_id,
                "company_id": company_id,
                "kind": kind,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "number": number,
                "text": text,
                "amount": amount,
                "currency": currency,
                "actor_id": actor_id,
                "at": at,
            }
        ],
    )

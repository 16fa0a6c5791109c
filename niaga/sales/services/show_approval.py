from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.sales.events import OrderChanged, QuotationChanged
from niaga.sales.models import Quotation, SalesOrder

_DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "quotation": (Quotation, QuotationChanged),
    "order": (SalesOrder, OrderChanged),
}


@transaction.atomic
def show_approval(*, kind: str, document_id: UUID, by: UUID | None, at: datetime) -> bool:
    """Let whoever looks at a document see that its approval went on. Whether it is one of ours."""
    if kind not in _DOCUMENTS:
        return False
    model, event = _DOCUMENTS[kind]
    rows = model.objects.filter(pk=document_id)
    found = rows.values_list("number", "customer_id", "company_id").first()
    if found is None:
        return False
    number, customer_id, company_id = found
    batch = Batch()
    announce(
        batch=batch, event=event(document_id, number, customer_id, "approval"), company_id=company_id, by=by, at=at
    )
    batch.write()
    return True

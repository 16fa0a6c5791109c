from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.organization.access import Actor
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.lock_quotation import lock_quotation


@transaction.atomic
def note_document(
    *, kind: Literal["quotation", "order"], document_id: UUID, text: str, by: Actor, at: datetime
) -> None:
    """Leave a note for colleagues on a document's timeline.

    :raises NotFound: no such document
    :raises Forbidden: the person may not change it
    :raises Invalid: nothing is written
    """
    document = (
        lock_quotation(quotation_id=document_id, action="change", by=by)
        if kind == "quotation"
        else lock_order(order_id=document_id, action="change", by=by)
    )
    text = text.strip()[:2000]
    if not text:
        raise Invalid(_("Write something."), field="text")
    batch = Batch()
    record(
        batch=batch, subject_kind=kind, subject_id=document.id, verb="note", by=by.id, at=at,
        company_id=document.company_id, note=text,
    )  # fmt: skip
    batch.write()

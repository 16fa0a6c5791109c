"""Who may see and change the files of an invoice: they lie beside it, the invoice itself never changes."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor


def invoice_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = visible_invoices(by=by).filter(pk=subject_id).first()
    if found is None:
        raise NotFound()
    if change:
        require_any(by=by, kind="invoice", actions=("change", "issue", "send"), document=found)
    return Subject("invoice", found.id, found.company_id, f"/invoices/{found.id}")

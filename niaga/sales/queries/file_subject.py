"""Who may see and change the files of a quotation or order."""

from uuid import UUID

from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.sales.queries.documents import get_order, get_quotation


def quotation_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = get_quotation(quotation_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="quotation", actions=("change", "accept"), document=found)
    return Subject("quotation", found.id, found.company_id, f"/quotations/{found.id}")


def order_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = get_order(order_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="order", actions=("change", "amend"), document=found)
    return Subject("order", found.id, found.company_id, f"/orders/{found.id}")

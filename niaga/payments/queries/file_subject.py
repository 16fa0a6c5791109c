"""Who may see and change the files of a payment: transfer slips and giro scans."""

from uuid import UUID

from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.payments.queries.payments import get_payment
from niaga.payments.queries.refunds import get_refund


def payment_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = get_payment(payment_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="payment", actions=("change", "record"), document=found)
    return Subject("payment", found.id, found.company_id, f"/payments/{found.id}")


def refund_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    """The proof of a transfer, the slip of cash."""
    found = get_refund(refund_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="payment", actions=("refund",), document=found)
    return Subject("refund", found.id, found.company_id, f"/refunds/{found.id}")

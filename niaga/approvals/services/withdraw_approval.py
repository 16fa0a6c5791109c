from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.models import ApprovalRequest, RequestStatus
from niaga.approvals.services.ask_approval import take_back
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, NotFound, WrongState
from niaga.organization.access import Actor, access_of


@transaction.atomic
def withdraw_approval(*, request_id: UUID, note: str = "", by: Actor, at: datetime) -> ApprovalRequest:
    """Take a request back that nobody has settled yet: who asked, who sells, or who sets the rules.

    :raises NotFound: no such request in the person's companies
    :raises Forbidden: it is not theirs
    :raises WrongState: it is settled
    """
    access = access_of(by)
    request = ApprovalRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or request.company_id not in access.company_ids:
        raise NotFound()
    theirs = by.id in (request.asked_by_id, request.salesperson_id)
    if not theirs and not access.allows("approval", "manage", request.company_id):
        raise Forbidden()
    if request.status != RequestStatus.WAITING:
        raise WrongState()
    batch = Batch()
    take_back(batch=batch, request=request, note=note.strip()[:1000], by=by.id, at=at)
    batch.write()
    return request


def withdraw_waiting(
    *, batch: Batch, subject_kind: str, subject_ids: Collection[UUID], note: str, by: Actor, at: datetime
) -> list[ApprovalRequest]:
    """Add to the batch that what waits about some subjects is taken back, because they are no more; the requests. The
    caller has locked the subjects and checked the right."""
    rows = ApprovalRequest.objects.select_for_update().filter(
        subject_kind=subject_kind, subject_id__in=list(subject_ids), status=RequestStatus.WAITING
    )
    found = list(rows.order_by("id"))
    for request in found:
        take_back(batch=batch, request=request, note=note[:1000], by=by.id, at=at)
    return found

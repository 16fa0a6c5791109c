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

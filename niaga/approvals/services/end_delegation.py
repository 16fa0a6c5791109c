from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.models import Delegation
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import change_row, write


@transaction.atomic
def end_delegation(*, delegation_id: UUID, by: Actor, at: datetime) -> Delegation:
    """Take a delegation back at once.

    :raises NotFound: no such delegation in the person's companies
    :raises Forbidden: it is another's, and the person may not set rules
    :raises WrongState: it was ended before
    """
    access = access_of(by)
    found = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if found is None or found.company_id not in access.company_ids:
        raise NotFound()
    access.require("approval", "decide" if by.id == found.person_id else "manage", company_id=found.company_id)
    if found.ended_at is not None:
        raise WrongState()
    batch = Batch()
    change_row(
        batch=batch, row=found, kind="delegation", values={"ended_at": at}, by=by.id, at=at,
        company_id=found.company_id, verb="end",
    )  # fmt: skip
    write(batch)
    return found

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.returns.models import Return
from niaga.returns.services._decision import end


@transaction.atomic
def reject_return(*, return_id: UUID, reason: str, by: Actor, at: datetime) -> Return:
    """Say no, and why. What was asked for may be asked for again.

    :raises NotFound: no such return
    :raises Forbidden: the person may not decide it
    :raises WrongState: it was decided already
    :raises ReasonMissing: no reason was given
    """
    return end(return_id, "reject", "decide", reason, by, at)

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.returns.models import Return
from niaga.returns.services._decision import end


@transaction.atomic
def cancel_return(*, return_id: UUID, reason: str, by: Actor, at: datetime) -> Return:
    """Nothing comes back after all. Not once goods came.

    :raises NotFound: no such return
    :raises Forbidden: the person may not cancel it
    :raises WrongState: goods came already, or it ended
    :raises ReasonMissing: no reason was given
    """
    return end(return_id, "cancel", "cancel", reason, by, at)

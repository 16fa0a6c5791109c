from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.organization.access import Actor
from niaga.returns.errors import OutsidePolicy
from niaga.returns.models import Return
from niaga.returns.services._decision import decide
from niaga.returns.services.lock_return import lock_return


@transaction.atomic
def authorize_return(*, return_id: UUID, note: str = "", by: Actor, at: datetime) -> Return:
    """Let the goods come back (or the claim be credited); it gets its number. What does not fit the policy needs a
    word why.

    :raises NotFound: no such return
    :raises Forbidden: the person may not decide it
    :raises WrongState: it was decided already
    :raises OutsidePolicy: a line does not fit the policy, and no note says why it is authorized
    """
    rma = lock_return(return_id=return_id, action="decide", by=by)
    if rma.outside_policy and not note.strip():
        raise OutsidePolicy(field="note")
    year = day_at(at=at, zone=rma.branch.zone).year
    batch = Batch()
    number = batch.draw(company_id=rma.company_id, kind="return", period=str(year), prefix=f"RMA-{year}-")
    decide(batch, rma, "authorize", note, by, at, values={"number": number}, told=number)
    rma.number = batch.write()[number]
    return rma

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.errors import OutsidePolicy, ReasonMissing
from niaga.returns.models import Return, ReturnDecision, ReturnLine
from niaga.returns.rules.return_flow import return_flow
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
    _decide(batch, rma, "authorize", note, by, at, values={"number": number}, told=number)
    rma.number = batch.write()[number]
    return rma


@transaction.atomic
def reject_return(*, return_id: UUID, reason: str, by: Actor, at: datetime) -> Return:
    """Say no, and why. What was asked for may be asked for again.

    :raises NotFound: no such return
    :raises Forbidden: the person may not decide it
    :raises WrongState: it was decided already
    :raises ReasonMissing: no reason was given
    """
    return _end(return_id, "reject", "decide", reason, by, at)


@transaction.atomic
def cancel_return(*, return_id: UUID, reason: str, by: Actor, at: datetime) -> Return:
    """Nothing comes back after all. Not once goods came.

    :raises NotFound: no such return
    :raises Forbidden: the person may not cancel it
    :raises WrongState: goods came already, or it ended
    :raises ReasonMissing: no reason was given
    """
    return _end(return_id, "cancel", "cancel", reason, by, at)


def _end(return_id: UUID, verb: str, action: str, reason: str, by: Actor, at: datetime) -> Return:
    rma = lock_return(return_id=return_id, action=action, by=by)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lines = list(ReturnLine.objects.filter(rma_id=rma.id).order_by("position"))
    if any(line.received for line in lines):
        raise WrongState(_("Goods came already. Receive the rest as not coming, and inspect what came."))
    batch = Batch()
    _decide(batch, rma, verb, reason, by, at, values={}, told=rma.number or rma.order_number)
    batch.update_each(ReturnLine, [{"id": line.id} for line in lines], values={"held": "0"})
    batch.write()
    return rma


def _decide(
    batch: Batch, rma: Return, verb: str, reason: str, by: Actor, at: datetime, *, values: dict[str, Any], told: Any
) -> None:
    move(batch=batch, flow=return_flow, document=rma, move=verb, by=by.id, at=at, values=values, note=reason.strip())
    batch.insert(
        ReturnDecision,
        [{"id": new_id(), "rma_id": rma.id, "decision": verb, "reason": reason.strip(), "by": by.id, "at": at}],
    )
    kind = {"authorize": "return.authorized", "reject": "return.rejected", "cancel": "return.cancelled"}[verb]
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=rma.company_id, kind=kind, subject_kind="return",
        subject_id=rma.id, number=told, actor_id=by.id, at=at,
    )  # fmt: skip

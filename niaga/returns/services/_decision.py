from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.errors import ReasonMissing
from niaga.returns.models import Return, ReturnDecision, ReturnLine
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services.charge_gifts import charge_gifts
from niaga.returns.services.lock_return import lock_return
from niaga.sales.queries.returnable import lock_sold


def end(return_id: UUID, verb: str, action: str, reason: str, by: Actor, at: datetime) -> Return:
    """Reject or cancel: nothing of it counts against what was shipped any more. Gifts of goods that are back, which it
    announced, are charged where the company charges gifts.

    :raises WrongState: goods came already, or it was decided
    :raises ReasonMissing: no reason was given
    """
    order_id = Return.objects.filter(pk=return_id).values_list("order_id", flat=True).first()
    if order_id is not None:
        lock_sold(order_id)  # first, as always: gifts of it may be charged
    rma = lock_return(return_id=return_id, action=action, by=by)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lines = list(ReturnLine.objects.filter(rma_id=rma.id).order_by("position"))
    if any(line.received for line in lines):
        raise WrongState(_("Goods came already. Receive the rest as not coming, and inspect what came."))
    batch = Batch()
    decide(batch, rma, verb, reason, by, at, values={}, told=rma.number or rma.order_number)
    batch.update_each(ReturnLine, [{"id": line.id} for line in lines], values={"held": "0"})
    if rma.without_document:
        drop_waiting(batch=batch, subject_kind="return", subject_ids=[rma.pk], at=at)
    batch.write()
    if rma.order_id is not None and rma.order_id == order_id:
        charge_gifts(rma=rma, lines=lines, by=by, at=at)
    return rma


def decide(
    batch: Batch, rma: Return, verb: str, reason: str, by: Actor, at: datetime, *, values: dict[str, Any], told: Any
) -> None:
    """Add the decision of a locked return to the batch, with its own row. `told`: its number, or the one drawn."""
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

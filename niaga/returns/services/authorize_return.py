from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.returns.errors import OutsidePolicy, OwnReturn, SupplierUnreachable
from niaga.returns.events import ReturnAuthorized
from niaga.returns.models import Return
from niaga.returns.queries.return_gate import refuse_without_yes
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services._decision import decide
from niaga.returns.services.lock_return import lock_return
from niaga.stock.queries.suppliers import suppliers_by_id


@transaction.atomic
def authorize_return(
    *, return_id: UUID, note: str = "", is_approved: bool = False, supplier_id: UUID | None = None, by: Actor,
    at: datetime,
) -> Return:  # fmt: skip
    """Let the goods come back (or the claim be credited); it gets its number. What does not fit the policy needs a
    word why. Without a document it takes the yes that a rule asks for (`is_approved`: it was given), or where none
    does, somebody who did not write it. With `supplier_id` the customer sends the goods straight to that supplier.

    :raises NotFound: no such return
    :raises Forbidden: the person may not decide it
    :raises WrongState: it was decided already; or a claim, or goods without a document, would go to a supplier
    :raises SupplierUnreachable: the supplier is not the company's any more, or has no address
    :raises OutsidePolicy: a line does not fit the policy, and no note says why it is authorized
    :raises OwnReturn: it has no document, and is the person's own
    :raises ReturnNeedsApproval: it has no document, and a rule asks for a yes
    """
    rma = lock_return(return_id=return_id, action="decide", by=by)
    check_move(return_flow, "authorize", rma.status)
    if rma.without_document and not is_approved:
        if by.id is not None and by.id == rma.created_by:
            raise OwnReturn()
        refuse_without_yes(rma, at=at)
    if rma.outside_policy and not note.strip():
        raise OutsidePolicy(field="note")
    if supplier_id is not None:
        _require_reachable(rma, supplier_id)
    year = day_at(at=at, zone=rma.branch.zone).year
    batch = Batch()
    number = batch.draw(company_id=rma.company_id, kind="return", period=str(year), prefix=f"RMA-{year}-")
    decide(batch, rma, "authorize", note, by, at, values={"number": number, "supplier_id": supplier_id}, told=number)
    announce(
        batch=batch, event=ReturnAuthorized(rma.pk, rma.customer_id, rma.kind), company_id=rma.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    rma.number = batch.write()[number]
    return rma


def _require_reachable(rma: Return, supplier_id: UUID) -> None:
    if rma.kind != "goods" or rma.without_document:
        raise WrongState(field="supplier_id")
    found = suppliers_by_id([supplier_id], company_id=rma.company_id).get(supplier_id)
    if found is None or not found.address.strip():
        raise SupplierUnreachable(field="supplier_id")

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.errors import NoApprovalNeeded
from niaga.approvals.services.ask_approval import Subject, ask_approval
from niaga.core.flow import check_move
from niaga.organization.access import Actor
from niaga.returns.models import Return
from niaga.returns.queries.return_gate import lacking_for, worth_of
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services.lock_return import lock_return


@transaction.atomic
def ask_return_approval(*, return_id: UUID, note: str = "", by: Actor, at: datetime) -> UUID:
    """Ask once more for the yes that a return without a document needs, where the first request was taken back.
    Returns the request.

    :raises NotFound: no such return
    :raises Forbidden: the person may not ask for returns
    :raises WrongState: it was decided already
    :raises NoApprovalNeeded: its order is known, or no rule asks for one
    :raises ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    rma = lock_return(return_id=return_id, action="create", by=by)
    check_move(return_flow, "authorize", rma.status)
    asked = ask_locked(rma, note=note, by=by, at=at) if rma.without_document else None
    if asked is None:
        raise NoApprovalNeeded()
    return asked


def ask_locked(rma: Return, *, note: str, by: Actor, at: datetime) -> UUID | None:
    """Ask those whom the rules name, where any rule wants a yes; None: no rule does. The caller holds the return."""
    amount = worth_of(rma)
    rules, facts = lacking_for(rma, amount=amount, at=at)
    if not rules:
        return None
    subject = Subject(
        kind="return", id=rma.pk, number=rma.customer.code, company_id=rma.company_id, branch_id=rma.branch_id,
        salesperson_id=rma.salesperson_id, party_id=rma.customer_id, party=rma.customer.name, amount=amount,
        currency=rma.currency, own_of=(rma.created_by,),
    )  # fmt: skip
    return ask_approval(subject=subject, rules=rules, facts=facts, note=note.strip()[:1000], by=by, at=at).pk

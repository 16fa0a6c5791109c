from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.queries.gate import missing_for
from niaga.approvals.services.ask_approval import ask_approval
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.queries.approval_facts import facts_of
from niaga.sales.services.check_approval import subject_of
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.lock_quotation import lock_quotation


@transaction.atomic
def ask_quotation_approval(*, quotation_id: UUID, note: str = "", by: Actor, at: datetime) -> UUID:
    """Ask those whom the rules name to let an offer be made as it is. Returns the request.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not send it
    :raises WrongState: it was answered, has expired or was cancelled
    :raises NoApprovalNeeded, ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="send", by=by, gate=True)
    if quotation.status not in ("draft", "sent"):
        raise WrongState()
    return _ask(quotation, note, by, at)


@transaction.atomic
def ask_order_approval(*, order_id: UUID, note: str = "", by: Actor, at: datetime) -> UUID:
    """Ask those whom the rules name to let an order be confirmed as it is. Returns the request.

    :raises NotFound: no such order
    :raises Forbidden: the person may not confirm it
    :raises WrongState: it is no draft
    :raises NoApprovalNeeded, ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    order = lock_order(order_id=order_id, action="confirm", by=by, gate=True)
    if order.status != "draft":
        raise WrongState()
    return _ask(order, note, by, at)


def _ask(document: Quotation | SalesOrder, note: str, by: Actor, at: datetime) -> UUID:
    today = day_at(at=at, zone=document.branch.zone)
    facts = facts_of(document, today=today)
    rules = missing_for(document, facts=facts, today=today)
    request = ask_approval(subject=subject_of(document), rules=rules, facts=facts, note=note, by=by, at=at)
    key: UUID = request.id
    return key

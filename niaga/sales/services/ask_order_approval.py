from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.sales.services.ask_document_approval import ask_document_approval
from niaga.sales.services.lock_order import lock_order


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
    return ask_document_approval(order, note=note, by=by, at=at)

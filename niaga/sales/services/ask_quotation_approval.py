from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.sales.services.ask_document_approval import ask_document_approval
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
    return ask_document_approval(quotation, note=note, by=by, at=at)

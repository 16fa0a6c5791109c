from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.documents.services.create_link import create_link, link_url
from niaga.organization.access import Actor
from niaga.sales.services.check_approval import check_approval
from niaga.sales.services.lock_quotation import lock_quotation

KEPT_OPEN = timedelta(days=180)
"""After its validity the link still says what became of the offer."""


@transaction.atomic
def share_quotation(*, quotation_id: UUID, by: Actor, at: datetime) -> str:
    """A new link to the customer's page of a sent quotation, for WhatsApp or paper. Returns its address, once.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not send it
    :raises WrongState: it was not sent yet
    :raises ApprovalNeeded: a rule asks for a yes that it does not have
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="send", by=by, gate=True)
    if quotation.status in ("draft", "cancelled"):
        raise WrongState(_("Send the quotation first; then it has a page for the customer."))
    if quotation.status == "sent":
        check_approval(quotation, today=day_at(at=at, zone=quotation.branch.zone))
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="quotation", subject_id=quotation.id, company_id=quotation.company_id, by=by.id,
        at=at, expires_at=at + KEPT_OPEN,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="quotation", subject_id=quotation.id, verb="share", by=by.id, at=at,
        company_id=quotation.company_id,
    )  # fmt: skip
    batch.write()
    return link_url(token)

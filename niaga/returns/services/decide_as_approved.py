from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.approvals.queries.requests import answered_about
from niaga.organization.access import SYSTEM
from niaga.returns.models import Return
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.reject_return import reject_return


@transaction.atomic
def decide_as_approved(*, request_id: UUID, at: datetime) -> bool:
    """Authorize the return without a document to which the last yes was given, or reject it after a no; whether this
    call did. Once: what was decided meanwhile, or whose order was found, is left as it is."""
    asked = answered_about(request_id, subject_kind="return")
    if asked is None:
        return False
    rma = Return.objects.select_for_update(of=("self",)).select_related("company").filter(pk=asked.subject_id).first()
    if rma is None or rma.status != "requested" or not rma.without_document:
        return False
    with override(rma.company.language or "id"):
        if asked.status == "rejected":
            reject_return(return_id=rma.pk, reason=_("The approval was refused."), by=SYSTEM, at=at)
        else:
            names = ", ".join(one["name"] for one in asked.rules)
            note = _("Approved: %(rules)s") % {"rules": names}
            authorize_return(return_id=rma.pk, note=note, is_approved=True, by=SYSTEM, at=at)
    return True

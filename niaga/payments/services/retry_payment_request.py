from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.payments.events import PaymentRequested
from niaga.payments.models import PaymentRequest
from niaga.payments.rules.payment_request_flow import payment_request_flow


@transaction.atomic
def retry_payment_request(*, request_id: UUID, by: Actor, at: datetime) -> PaymentRequest:
    """Hand a request over again, because a person wants it, under the same key. Its attempts count anew.

    :raises NotFound: no such request
    :raises Forbidden: the person may not record payments
    :raises WrongState: it is not uncertain or failed, stands at the gateway, or its time is over
    """
    request = PaymentRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    access_of(by).require("payment", "record", request)
    if request.provider_id or request.expires_at <= at:
        raise WrongState(_("Make a new way to pay from the invoice instead."))
    batch = Batch()
    values = {"attempts": 0, "reason": "", "error": "", "next_attempt_at": None, "next_ask_at": None}
    move(batch=batch, flow=payment_request_flow, document=request, move="retry", by=by.id, at=at, values=values)
    event = PaymentRequested(request.id, request.invoice_id)
    announce(batch=batch, event=event, company_id=request.company_id, by=by.id, at=at)
    batch.write()
    return request

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.payments.events import PaymentRequestDoubted
from niaga.payments.models import PaymentRequest


@transaction.atomic
def ask_again(*, request_id: UUID, by: Actor, at: datetime) -> PaymentRequest:
    """Have the gateway asked what became of a request, by a job.

    :raises NotFound: no such request
    :raises Forbidden: the person may not record payments
    :raises WrongState: it is paid, or not handed over yet
    """
    request = PaymentRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    access_of(by).require("payment", "record", request)
    if request.status in ("paid", "queued", "sending"):
        raise WrongState()
    batch = Batch()
    announce(batch=batch, event=PaymentRequestDoubted(request.id), company_id=request.company_id, by=by.id, at=at)
    batch.write()
    return request

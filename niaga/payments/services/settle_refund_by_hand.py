from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import ReasonMissing
from niaga.payments.models import Refund
from niaga.payments.rules.gateways.shape import FAILED, PAID, RefundTold
from niaga.payments.services.settle_refund import settle_refund


@transaction.atomic
def settle_refund_by_hand(*, refund_id: UUID, went_back: bool, note: str, by: Actor, at: datetime) -> str:
    """A person saw at the gateway whether an uncertain refund went back. Returns its state.

    :raises NotFound: no such refund
    :raises Forbidden: the person may not refund
    :raises ReasonMissing: they do not say how they know
    :raises WrongState: it is done or failed, or under way
    """
    refund = Refund.objects.filter(pk=refund_id).first()
    if refund is None:
        raise NotFound()
    access_of(by).require("payment", "refund", refund)
    if not note.strip():
        raise ReasonMissing(field="reason")
    if refund.status not in ("uncertain", "pending"):
        raise WrongState()
    batch = Batch()
    record(
        batch=batch, subject_kind="refund", subject_id=refund.id, verb="say", by=by.id, at=at,
        company_id=refund.company_id, note=note.strip()[:2000],
    )  # fmt: skip
    batch.write()
    told = RefundTold(str(refund.id), PAID if went_back else FAILED, words=note.strip()[:200])
    return settle_refund(refund_id=refund.id, told=told, at=at)

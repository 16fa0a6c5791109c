from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.events import CallReceived
from niaga.core.models import IncomingCall
from niaga.core.outbox import announce


def release_calls(
    *, batch: Batch, call_ids: Collection[UUID], company_id: UUID, by: UUID | None, at: datetime
) -> list[UUID]:
    """Let parked calls go again within the caller's transaction, who has checked the right. Returns which they are.

    :raises NotFound: none of them is this company's
    :raises WrongState: none of them is parked
    """
    rows = IncomingCall.objects.select_for_update().filter(company_id=company_id, pk__in=call_ids)
    found = list(rows.order_by("pk").only("id", "parked_at"))
    parked = [row.id for row in found if row.parked_at is not None]
    if not found:
        raise NotFound()
    if not parked:
        raise WrongState(_("Only what has stopped can be tried again."))
    IncomingCall.objects.filter(pk__in=parked).update(parked_at=None, attempts=0)
    record_all(
        batch=batch, subject_kind="incoming_call", subject_ids=parked, verb="retry", by=by, at=at,
        company_id=company_id,
    )  # fmt: skip
    announce(batch=batch, event=[CallReceived(key) for key in parked], company_id=company_id, by=by, at=at)
    return parked

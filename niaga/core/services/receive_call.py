from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.events import CallReceived
from niaga.core.ids import new_id
from niaga.core.models import IncomingCall
from niaga.core.outbox import announce


@transaction.atomic
def receive_call(*, source: str, key: str, body: bytes, company_id: UUID | None, at: datetime) -> UUID | None:
    """Keep a call of another system, whose signature the caller has checked. A job handles it after the commit.

    Returns its id; None when a call with this key came before: nothing more is done then.
    """
    call_id = new_id()
    IncomingCall.objects.bulk_create(
        [IncomingCall(id=call_id, source=source, key=key, company_id=company_id, body=body, received_at=at)],
        ignore_conflicts=True,
    )
    if not IncomingCall.objects.filter(pk=call_id).exists():
        return None
    batch = Batch()
    announce(batch=batch, event=CallReceived(call_id), company_id=company_id, by=None, at=at)
    batch.write()
    return call_id

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Transfer
from niaga.stock.queries.transfers import lock_transfer
from niaga.stock.rules.transit import transfer_flow
from niaga.stock.services.release_stock import release_stock


@transaction.atomic
def cancel_transfer(*, transfer_id: UUID, reason: str = "", by: Actor, at: datetime) -> Transfer:
    """Call a transfer off before its goods leave; they are free again.

    :raises NotFound: no such transfer
    :raises Forbidden: the person may not cancel it
    :raises WrongState: the goods left, or it was cancelled
    """
    transfer = lock_transfer(transfer_id)
    access_of(by).require("stock", "cancel", transfer.source)
    batch = Batch()
    move(batch=batch, flow=transfer_flow, document=transfer, move="cancel", by=by.id, at=at, note=reason.strip()[:200])
    release_stock(batch=batch, source_id=transfer.id, at=at)
    batch.write()
    return transfer

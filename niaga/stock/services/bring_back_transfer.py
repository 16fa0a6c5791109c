from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.flow import check_move
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.queries.transfers import lock_transfer
from niaga.stock.rules.transit import transfer_flow
from niaga.stock.services.land_goods import Landed, land_goods


@transaction.atomic
def bring_back_transfer(*, transfer_id: UUID, reason: str, by: Actor, at: datetime) -> Transfer:
    """Take what is still on its way back into the warehouse that sent it, worth what it left with.

    :raises NotFound: no such transfer
    :raises Forbidden: the person may not receive goods in the first warehouse
    :raises WrongState: it is not on its way
    :raises ReasonMissing: nothing says why
    :raises PeriodClosed: the books of today's month are closed
    """
    transfer = lock_transfer(transfer_id)
    access_of(by).require("stock", "create", transfer.source)
    check_move(transfer_flow, "bring_back", transfer.status)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lines = TransferLine.objects.filter(transfer_id=transfer.id).order_by("position", "id")
    landed = [Landed(line, line.quantity - line.received - line.returned - line.lost) for line in lines]
    land_goods(
        transfer=transfer, warehouse=transfer.source, landed=landed, verb="bring_back", note=reason.strip(), by=by,
        at=at,
    )  # fmt: skip
    return transfer

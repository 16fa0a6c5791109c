from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.flow import check_move, move
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.sales.events import OrderChanged
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import lock_drop_ship
from niaga.sales.rules.drop_ship import drop_ship_flow, left_of
from niaga.sales.services.give_back_direct import give_back_direct
from niaga.sales.services.lock_drop_order import lock_drop_order
from niaga.stock.errors import ReasonMissing
from niaga.stock.services.end_direct import end_direct


@transaction.atomic
def cancel_drop_ship(
    *, drop_ship_id: UUID, reason: str = "", version: int | None = None, by: Actor, at: datetime
) -> DropShip:
    """Ask the supplier for nothing more of it. What was not sent is asked of our own stock again: held as far as some
    is free, the rest waits. What was sent stays sent.

    Once the supplier said yes, somebody has to say why it is called off.

    :raises NotFound: no such request
    :raises Forbidden: the person may not cancel it
    :raises WrongState: everything was sent, or it was cancelled
    :raises StaleVersion: somebody saved since `version`
    :raises ReasonMissing: the supplier had confirmed it, and nothing says why
    """
    order = lock_drop_order(drop_ship_id)
    drop, lines = lock_drop_ship(drop_ship_id)
    access_of(by).require("delivery", "cancel", drop)
    came_before = any(line.shipped for line in lines)
    verb = "end" if came_before else "cancel"
    check_move(drop_ship_flow, verb, drop.status)
    if version is not None and drop.version != version:
        raise StaleVersion()
    if drop.status == "confirmed" and not reason.strip():
        raise ReasonMissing(field="reason")
    rest = {line.id: (line.order_line_id, left_of(line)) for line in lines if left_of(line) > 0}
    batch = Batch()
    move(
        batch=batch, flow=drop_ship_flow, document=drop, move=verb, by=by.id, at=at, note=reason.strip()[:200]
    )  # fmt: skip
    end_direct(batch=batch, expected=drop.expected, came_before=came_before, note=reason.strip()[:200], by=by.id, at=at)
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "drop_ship_cancelled"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    give_back_direct(order=order, rest=rest, at=at)
    return drop

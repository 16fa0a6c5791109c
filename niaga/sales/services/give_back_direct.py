from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch, Sql
from niaga.organization.access import SYSTEM
from niaga.sales.errors import NothingWaiting
from niaga.sales.models import DropShipLine, SalesOrder, SalesOrderLine
from niaga.sales.services.hold_waiting import hold_waiting
from niaga.sales.services.promise_waiting import promise_waiting


def give_back_direct(*, order: SalesOrder, rest: Mapping[UUID, tuple[UUID, Decimal]], at: datetime) -> None:
    """What a supplier will not send is asked of our own stock again: held as far as some is free, the rest waits and is
    promised of what is to come. `rest` gives order line and quantity by the request's line. Order and request are
    locked; numbers are drawn after this.
    """
    batch = Batch()
    batch.update_each(
        DropShipLine,
        [{"id": key, "cancelled": quantity} for key, (_line, quantity) in rest.items()],
        values={"cancelled": "t.cancelled + v.cancelled"},
    )
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "direct": quantity} for line_id, quantity in rest.values()],
        values={"direct": "t.direct - v.direct"},
    )
    batch.update(SalesOrder, where={"id": order.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
    batch.write()
    try:
        hold_waiting(order_id=order.id, by=SYSTEM, at=at)
    except NothingWaiting:
        return
    promise_waiting(order=order, at=at)

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, StaleVersion
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import Actor, access_of
from niaga.sales.events import OrderChanged
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import lock_drop_ship
from niaga.sales.rules.drop_ship import drop_ship_flow
from niaga.sales.services.lock_drop_order import lock_drop_order
from niaga.stock.services.postpone_direct import postpone_direct

_LATER = gettext_noop("A supplier sends goods for %(number)s later than promised")


@transaction.atomic
def confirm_drop_ship(
    *,
    drop_ship_id: UUID,
    promised_date: date,
    reference: str = "",
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> DropShip:
    """The supplier said on which day they send, or another day than before: the order's lines show it, and its
    salesperson is told when it is later. The day promised to the customer is theirs to move, see `reschedule_order`.

    :raises NotFound: no such request
    :raises Forbidden: the person may not change it
    :raises WrongState: everything was sent, or it was cancelled
    :raises StaleVersion: somebody saved since `version`
    :raises Invalid: the day is over
    """
    order = lock_drop_order(drop_ship_id)
    drop, _lines = lock_drop_ship(drop_ship_id)
    access_of(by).require("delivery", "change", drop)
    if version is not None and drop.version != version:
        raise StaleVersion()
    today = day_at(at=at, zone=order.branch.zone)
    if promised_date < today:
        raise Invalid(_("Choose a day from today on."), field="promised_date")
    before, batch = drop.promised_date, Batch()
    said = reference.strip()[:60] or drop.supplier_reference
    move(
        batch=batch, flow=drop_ship_flow, document=drop, move="confirm", by=by.id, at=at,
        values={"promised_date": promised_date, "confirmed_at": at, "supplier_reference": said},
        data={"promised_date": [str(before), str(promised_date)]},
    )  # fmt: skip
    postpone_direct(batch=batch, expected=drop.expected, expected_date=promised_date, by=by.id, at=at)
    if promised_date > before and drop.salesperson_id is not None and drop.salesperson_id != by.id:
        add_notice(
            batch=batch, to=[drop.salesperson_id], text=_LATER, facts={"number": order.number},
            url=f"/orders/{order.id}", subject_kind="order", subject_id=order.id, at=at,
        )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "drop_ship_confirmed"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    drop.promised_date, drop.supplier_reference = promised_date, said
    return drop

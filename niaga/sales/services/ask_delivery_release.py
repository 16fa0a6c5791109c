from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.models import CreditRequest
from niaga.sales.services.ask_release import ask
from niaga.sales.services.ship_order_delivery import orders_of_delivery
from niaga.stock.queries.deliveries import lock_delivery


@transaction.atomic
def ask_delivery_release(*, delivery_id: UUID, note: str = "", by: Actor, at: datetime) -> CreditRequest:
    """Ask finance to let a delivery leave that its customer's credit holds.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not ship it
    :raises WrongState: it has shipped, or was cancelled
    :raises AlreadyAsked: finance has not decided about an earlier request
    :raises NotHeld: nothing stands against it
    """
    order = orders_of_delivery(delivery_id).first()
    if order is None:
        raise NotFound()
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "ship", delivery)
    if delivery.status not in ("draft", "picking"):
        raise WrongState()
    return ask(order, "ship", delivery.pk, order.total, Decimal(0), note, by, at)

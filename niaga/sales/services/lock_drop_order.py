from uuid import UUID

from niaga.core.errors import NotFound
from niaga.sales.models import DropShip, SalesOrder


def lock_drop_order(drop_ship_id: UUID) -> SalesOrder:
    """The order of a request to a supplier, locked: always before the request itself.

    :raises NotFound: no such request
    """
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch")
    order = rows.filter(pk__in=DropShip.objects.filter(pk=drop_ship_id).values("order_id")).first()
    if order is None:
        raise NotFound()
    return order

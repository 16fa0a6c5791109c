from uuid import UUID

from niaga.core.errors import NotFound, StaleVersion
from niaga.organization.access import Actor, access_of
from niaga.sales.models import SalesOrder


def lock_order(*, order_id: UUID, action: str, by: Actor, version: int | None = None) -> SalesOrder:
    """The order with its branch, locked until the transaction ends, for a person who may do `action` to it.

    :raises NotFound: no such order
    :raises Forbidden: the person may not
    :raises StaleVersion: somebody saved since `version`
    """
    order = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    access_of(by).require("order", action, order)
    if version is not None and order.version != version:
        raise StaleVersion()
    return order

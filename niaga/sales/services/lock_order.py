from uuid import UUID

from niaga.approvals.queries.gate import gate_of
from niaga.core.errors import NotFound, StaleVersion
from niaga.organization.access import Actor, access_of
from niaga.sales.models import SalesOrder


def lock_order(*, order_id: UUID, action: str, by: Actor, version: int | None = None, gate: bool = False) -> SalesOrder:
    """The order with its branch, locked until the transaction ends, for a person who may do `action` to it.
    With `gate` also what `check_approval` reads, and its customer.

    :raises NotFound: no such order
    :raises Forbidden: the person may not
    :raises StaleVersion: somebody saved since `version`
    """
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch")
    if gate:
        rows = rows.select_related("customer").annotate(**gate_of("quotation_id"))
    order: SalesOrder | None = rows.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    access_of(by).require("order", action, order)
    if version is not None and order.version != version:
        raise StaleVersion()
    return order

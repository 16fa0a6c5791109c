from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.organization.access import Actor
from niaga.sales.services.invoice_orders import Basis, invoice_orders


def invoice_order(
    *,
    order_id: UUID,
    basis: Basis = "delivered",
    quantities: Mapping[UUID, Decimal] | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Write a draft invoice of what one order has delivered (or promised) and not yet billed. Returns its id.

    :raises NotFound: no such order, or a named line is not one of it
    :raises Forbidden: the person may not write invoices
    :raises WrongState: the order is neither confirmed nor closed
    :raises NothingToInvoice: nothing is left to bill
    :raises OverInvoicing: more is named than is left to bill; each such line is answered
    """
    return invoice_orders(order_ids=[order_id], basis=basis, quantities=quantities, by=by, at=at)

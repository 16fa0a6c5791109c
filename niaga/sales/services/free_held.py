from datetime import datetime
from uuid import UUID

from niaga.sales.queries.credit import waiting_of
from niaga.sales.services.free_order import free_order


def free_held(*, customer_id: UUID, at: datetime) -> list[UUID]:
    """Money came or a claim was lessened: what waits for the customer's credit and has room now goes on, the oldest
    first, each in a transaction of its own. Returns the orders that are free."""
    freed = [free_order(request_id=request_id, at=at) for request_id in waiting_of(customer_id=customer_id)]
    return [order_id for order_id in freed if order_id is not None]

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery


@transaction.atomic
def sell_demo_export(*, customer_id: UUID, branch_id: UUID, lines: Sequence[LineInput], by: Actor, at: datetime) -> Any:
    """An order of the buyer abroad, from the promise to the bill on one day. Returns the invoice."""
    order = draft_order(
        customer_id=customer_id, branch_id=branch_id, lines=lines, by=by, at=at,
        details=OrderDetails(customer_reference="PO 4500-118"),
    )  # fmt: skip
    confirm_order(order_id=order.id, by=by, at=at, shortage="backorder")
    ship_order_delivery(delivery_id=deliver_order(order_id=order.id, by=by, at=at), by=by, at=at)
    return issue_invoice(invoice_id=invoice_order(order_id=order.id, by=by, at=at), by=by, at=at)

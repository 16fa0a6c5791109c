"""A sale whose goods can come back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.models import User
from niaga.returns.models import Return, ReturnLine, ReturnReason
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.request_return import request_return
from niaga.returns.services.settle_return import settle_return
from niaga.sales.models import SalesOrder
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_shipped_order


def make_sold_order(world: World, lines: Sequence[Any], **details: Any) -> SalesOrder:
    """An order that was shipped and invoiced."""
    order = make_shipped_order(world, lines, **details)
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    return SalesOrder.objects.get(pk=order.pk)


def reason(world: World, code: str = "DAMAGED") -> ReturnReason:
    return ReturnReason.objects.get(company=world.company, code=code)


def make_return(
    world: World, order: SalesOrder, quantity: Decimal | int, *, line: int = 0, why: str = "DAMAGED",
    part_id: UUID | None = None, by: User | None = None, at: datetime = NOW, **facts: Any,
) -> Return:  # fmt: skip
    """So much of one line of an order, asked for."""
    order_line = order.lines.order_by("position")[line]
    return request_return(
        order_id=order.id, by=by or world.owner, at=at, **facts,
        items=[ReturnItem(order_line.id, reason(world, why).id, Decimal(quantity), part_id)],
    )  # fmt: skip


def take_in(world: World, rma: Return, *, outcome: str = "restock") -> Return:
    """A requested return, authorized, received whole and inspected to one outcome."""
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    lines = list(ReturnLine.objects.filter(rma=rma))
    receive_return(return_id=rma.id, quantities={line.id: line.quantity for line in lines}, by=world.owner, at=NOW)
    findings = [Finding(line.id, outcome, line.quantity) for line in lines]
    return inspect_return(return_id=rma.id, findings=findings, by=world.owner, at=NOW)


def settle(world: World, rma: Return, **facts: Any) -> Return:
    settle_return(return_id=rma.id, by=world.owner, at=NOW, **facts)
    return Return.objects.select_related("settlement").get(pk=rma.pk)

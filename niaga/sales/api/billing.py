"""The further ways to bill: several orders on one invoice, and money before goods."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.invoicing.api.router import router as invoices
from niaga.invoicing.api.schemas import InvoiceOut
from niaga.invoicing.api.views import invoice_out
from niaga.sales.api import deed_schemas
from niaga.sales.queries.documents import get_order, visible_orders
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_orders import invoice_orders

router = Router(tags=["sales"])


# One address has one router: the list of invoices stands in invoicing, which knows no orders.
@invoices.post("/invoices", response={201: InvoiceOut}, summary="Write an invoice of several orders")
def post_orders_invoice(request: HttpRequest, response: HttpResponse, body: deed_schemas.OrdersInvoiceIn) -> Any:
    """Write one draft invoice of several orders of a customer."""
    asked = list(dict.fromkeys(body.orders))
    if visible_orders(by=request.user).filter(pk__in=asked).count() != len(asked):
        raise NotFound(field="orders")
    quantities = None if body.lines is None else {line.line_id: line.quantity for line in body.lines}
    invoice_id = invoice_orders(
        order_ids=asked, basis=body.basis, quantities=quantities, by=request.user, at=now()
    )  # fmt: skip
    return Status(201, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post("/orders/{order_id}/down-payments", response={201: InvoiceOut}, summary="Ask for a down payment")
def post_down_payment(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.DownPaymentIn
) -> Any:
    """Write a draft invoice for money before goods; later invoices of the order take it off."""
    get_order(order_id=order_id, by=request.user)
    invoice_id = invoice_down_payment(
        order_id=order_id, percent=body.percent, amount=body.amount, by=request.user, at=now()
    )
    return Status(201, invoice_out(response, invoice_id=invoice_id, by=request.user))

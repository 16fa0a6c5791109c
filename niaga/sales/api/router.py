"""Quotations and orders, and the deeds that start from them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, expected_version, page_of
from niaga.core.clock import now
from niaga.invoicing.api.schemas import InvoiceOut
from niaga.invoicing.api.views import invoice_out
from niaga.organization.access import access_of
from niaga.sales.api import deed_schemas, schemas
from niaga.sales.api.answers import branch_of, order_answer, quotation_answer
from niaga.sales.api.approvals import router as approvals
from niaga.sales.api.billing import router as billing
from niaga.sales.api.billing_rules import router as billing_rules
from niaga.sales.api.corrections import router as corrections
from niaga.sales.api.credit import router as credit
from niaga.sales.api.day_notices import router as day_notices
from niaga.sales.api.deeds import router as deeds
from niaga.sales.api.delivery_plans import router as delivery_plans
from niaga.sales.api.drop_ships import router as drop_ships
from niaga.sales.api.earliest_days import router as earliest_days
from niaga.sales.api.history import router as history
from niaga.sales.api.joint_shipments import router as joint_shipments
from niaga.sales.api.list_queries import OrderQuery, QuotationQuery
from niaga.sales.api.milestones import router as milestones
from niaga.sales.api.prices import router as prices
from niaga.sales.api.pro_formas import router as pro_formas
from niaga.sales.api.recurring import router as recurring
from niaga.sales.api.substitutions import router as substitutions
from niaga.sales.queries.documents import (
    get_order,
    get_quotation,
    visible_orders,
    visible_quotations,
)
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.update_order import update_order
from niaga.sales.services.update_quotation import update_quotation
from niaga.stock.api.delivery_schemas import DeliveryOut
from niaga.stock.api.views import delivery_out

router = Router(tags=["sales"])
router.add_router("", deeds)
router.add_router("", billing)
router.add_router("", billing_rules)
router.add_router("", milestones)
router.add_router("", recurring)
router.add_router("", delivery_plans)
router.add_router("", joint_shipments)
router.add_router("", earliest_days)
router.add_router("", day_notices)
router.add_router("", drop_ships)
router.add_router("", history)
router.add_router("", credit)
router.add_router("", corrections)
router.add_router("", prices)
router.add_router("", approvals)
router.add_router("", pro_formas)
router.add_router("", substitutions)
_NEWEST = ("-date", "-id")
_ABOUT_LINES = {"lines", "branch_id", "customer_id"}


@router.get("/quotations", response=Page[schemas.QuotationRow], summary="List quotations")
def list_quotations(request: HttpRequest, query: Query[QuotationQuery]) -> Any:
    """Quotations you may see, the newest first."""
    access_of(request.user).require("quotation", "view")
    return page_of(query.narrowed(visible_quotations(by=request.user)), order=_NEWEST, query=query)


@router.post("/quotations", response={201: schemas.QuotationOut}, summary="Write a quotation")
def post_quotation(request: HttpRequest, response: HttpResponse, body: schemas.QuotationIn) -> Any:
    """Write a quotation, priced for the customer today."""
    quotation = draft_quotation(
        customer_id=body.customer_id, branch_id=branch_of(request, body.branch_id), by=request.user, at=now(),
        lines=[line.to_input() for line in body.lines], details=QuotationDetails(**body.dict(exclude=_ABOUT_LINES)),
    )  # fmt: skip
    return Status(201, quotation_answer(response, quotation))


@router.get("/quotations/{quotation_id}", response=schemas.QuotationOut, summary="Show a quotation")
def read_quotation(request: HttpRequest, response: HttpResponse, quotation_id: UUID) -> Any:
    return quotation_answer(response, get_quotation(quotation_id=quotation_id, by=request.user))


@router.put("/quotations/{quotation_id}", response=schemas.QuotationOut, summary="Change a draft quotation")
def put_quotation(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.QuotationChange
) -> Any:
    """Write a draft anew. `If-Match` refuses when somebody saved in between."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    saved = update_quotation(
        quotation_id=quotation_id, version=expected_version(request), customer_id=body.customer_id,
        lines=[line.to_input() for line in body.lines], details=QuotationDetails(**body.dict(exclude=_ABOUT_LINES)),
        by=request.user, at=now(),
    )  # fmt: skip
    return quotation_answer(response, saved)


@router.post("/quotations/{quotation_id}/acceptance", response={201: schemas.OrderOut}, summary="Accept a quotation")
def post_acceptance(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: schemas.AcceptanceIn | None = None
) -> Any:
    """Take the customer's yes. Answers the order it makes."""
    given = body or schemas.AcceptanceIn(name="", requested_date=None)
    get_quotation(quotation_id=quotation_id, by=request.user)
    order = accept_quotation(
        quotation_id=quotation_id,
        by=request.user,
        at=now(),
        name=given.name,
        chosen=given.chosen_lines,
        requested_date=given.requested_date,
    )
    return Status(201, order_answer(response, order))


@router.get("/orders", response=Page[schemas.OrderRow], summary="List orders")
def list_orders(request: HttpRequest, query: Query[OrderQuery]) -> Any:
    """Orders you may see, the newest first."""
    access_of(request.user).require("order", "view")
    return page_of(query.narrowed(visible_orders(by=request.user)), order=_NEWEST, query=query)


@router.post("/orders", response={201: schemas.OrderOut}, summary="Write an order")
def post_order(request: HttpRequest, response: HttpResponse, body: schemas.OrderIn) -> Any:
    """Write an order without a quotation. It promises nothing before its confirmation."""
    order = draft_order(
        customer_id=body.customer_id, branch_id=branch_of(request, body.branch_id), by=request.user, at=now(),
        lines=[line.to_input() for line in body.lines], details=OrderDetails(**body.dict(exclude=_ABOUT_LINES)),
    )  # fmt: skip
    return Status(201, order_answer(response, order))


@router.get("/orders/{order_id}", response=schemas.OrderOut, summary="Show an order")
def read_order(request: HttpRequest, response: HttpResponse, order_id: UUID) -> Any:
    return order_answer(response, get_order(order_id=order_id, by=request.user))


@router.put("/orders/{order_id}", response=schemas.OrderOut, summary="Change a draft order")
def put_order(request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.OrderChange) -> Any:
    """Write a draft anew. `If-Match` refuses when somebody saved in between."""
    get_order(order_id=order_id, by=request.user)
    saved = update_order(
        order_id=order_id, version=expected_version(request), customer_id=body.customer_id,
        lines=[line.to_input() for line in body.lines], details=OrderDetails(**body.dict(exclude=_ABOUT_LINES)),
        by=request.user, at=now(),
    )  # fmt: skip
    return order_answer(response, saved)


@router.post("/orders/{order_id}/confirmation", response=schemas.OrderOut, summary="Confirm an order")
def post_confirmation(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: schemas.ConfirmationIn | None = None
) -> Any:
    """Hold the stock, count the credit, make the promise. A short line is answered and nothing happens."""
    given = body or schemas.ConfirmationIn(backorder_lines=[], full_day="refuse", day_reason="")
    get_order(order_id=order_id, by=request.user)
    order = confirm_order(
        order_id=order_id, by=request.user, at=now(), shortage=given.shortage, prices=given.prices,
        shortage_by_line=dict.fromkeys(given.backorder_lines, "backorder"), full_day=given.full_day,
        day_reason=given.day_reason,
    )  # fmt: skip
    return Status(200, order_answer(response, order))


@router.post("/orders/{order_id}/deliveries", response={201: DeliveryOut}, summary="Draw up a delivery")
def post_delivery(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: schemas.DeliveryIn | None = None
) -> Any:
    """Draw up a delivery of what is held for the order."""
    get_order(order_id=order_id, by=request.user)
    quantities = None if body is None or body.lines is None else {line.line_id: line.quantity for line in body.lines}
    delivery_id = deliver_order(order_id=order_id, quantities=quantities, by=request.user, at=now())
    return Status(201, delivery_out(response, delivery_id=delivery_id, by=request.user))


@router.post("/deliveries/{delivery_id}/shipment", response=DeliveryOut, summary="Ship a delivery")
def post_shipment(
    request: HttpRequest, response: HttpResponse, delivery_id: UUID, body: deed_schemas.ShipmentIn | None = None
) -> Any:
    """Let the goods leave: all of the delivery, or just the named quantities."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    quantities = None if body is None or body.lines is None else {line.line_id: line.quantity for line in body.lines}
    ship_order_delivery(delivery_id=delivery_id, quantities=quantities, by=request.user, at=now())
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))


@router.post("/deliveries/{delivery_id}/cancellation", response=DeliveryOut, summary="Cancel a delivery")
def post_delivery_cancellation(
    request: HttpRequest, response: HttpResponse, delivery_id: UUID, body: deed_schemas.Reason | None = None
) -> Any:
    """Call a delivery off before it leaves; its goods stay held for the order."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    cancel_order_delivery(
        delivery_id=delivery_id, reason=body.reason if body else "", by=request.user, at=now()
    )  # fmt: skip
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))


@router.post("/orders/{order_id}/invoices", response={201: InvoiceOut}, summary="Write an invoice of an order")
def post_invoice(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: schemas.OrderInvoiceIn | None = None
) -> Any:
    """Write a draft invoice of what the order has delivered, or promised, and not yet billed."""
    given = body or schemas.OrderInvoiceIn(lines=None)
    get_order(order_id=order_id, by=request.user)
    quantities = None if given.lines is None else {line.line_id: line.quantity for line in given.lines}
    invoice_id = invoice_order(order_id=order_id, basis=given.basis, quantities=quantities, by=request.user, at=now())
    return Status(201, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post("/invoices/{invoice_id}/credit-notes", response={201: InvoiceOut}, summary="Write a credit note")
def post_credit_note(request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.CreditNoteIn) -> Any:
    """Write a draft credit note of an issued invoice, at the prices that were sold."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    quantities = None if body.lines is None else {line.line_id: line.quantity for line in body.lines}
    note_id = credit_invoice(
        invoice_id=invoice_id, quantities=quantities, reason=body.reason, bill_again=body.bill_again,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, invoice_out(response, invoice_id=note_id, by=request.user))


@router.post("/invoices/{invoice_id}/discarding", response=InvoiceOut, summary="Discard a draft invoice")
def post_discarding(request: HttpRequest, response: HttpResponse, invoice_id: UUID) -> Any:
    """Throw a draft away; what it billed can be billed anew."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    discard_invoice(invoice_id=invoice_id, by=request.user, at=now())
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))

"""Orders, deliveries with where they are, and ordering again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.portal.api import schemas
from niaga.portal.api.noted import noted
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.again import offer_again
from niaga.portal.queries.bought import deliveries_of, invoices_of_order, order_of, orders_of
from niaga.portal.services.order_again import AgainItem, order_again
from niaga.sales.queries.lines import shown_order_lines
from niaga.shipping.queries.tracking import tracking_of
from niaga.stock.queries.deliveries import delivery_line_rows

router = Router()


@router.get("/orders", response=Page[schemas.PortalOrderRow], summary="List your orders")
def list_portal_orders(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Confirmed orders and those that were, the newest first."""
    return page_of(orders_of(noted(request, "orders")), order=("-date", "-id"), query=query)


@router.get("/orders/{order_id}", response=schemas.PortalOrderOut, summary="Show one of your orders")
def read_portal_order(request: HttpRequest, order_id: UUID) -> Any:
    visitor = noted(request, "order", order_id)
    found = order_of(visitor, order_id)
    lines = [
        {"id": line.pk, "kind": line.kind, "product_id": line.product_id, "description": line.description,
         "sku": line.product.sku if line.product else "", "quantity": line.quantity,
         "unit": line.unit.code if line.unit else "", "unit_price": line.unit_price, "amount": line.amount,
         "planned_date": line.planned_date}
        for line in shown_order_lines(order_id=found.pk)
    ]  # fmt: skip
    row = {name: getattr(found, name) for name in schemas.PortalOrderRow.model_fields}
    return {
        **row, "lines": lines, "deliveries": list(deliveries_of(visitor, order_id=found.pk)),
        "invoices": list(invoices_of_order(visitor, found.pk).values_list("pk", flat=True)),
    }  # fmt: skip


@router.get("/deliveries", response=Page[schemas.PortalDeliveryRow], summary="List your deliveries")
def list_portal_deliveries(request: HttpRequest, query: Query[PageQuery]) -> Any:
    return page_of(deliveries_of(noted(request, "orders")), order=("-created_at", "-id"), query=query)


@router.get("/deliveries/{delivery_id}", response=schemas.PortalDeliveryOut, summary="Show where a delivery is")
def read_portal_delivery(request: HttpRequest, delivery_id: UUID) -> Any:
    """What it brings, and what happened to it so far."""
    visitor = noted(request, "delivery", delivery_id)
    found = deliveries_of(visitor).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound()
    where = tracking_of(found.pk)
    lines = [
        {"product_id": line["product_id"], "sku": line["product__sku"], "quantity": line["quantity"],
         "description": line["description"] or line["product__name"], "unit": line["unit__code"]}
        for line in delivery_line_rows(delivery_id=found.pk)
    ]  # fmt: skip
    row = {name: getattr(found, name) for name in schemas.PortalDeliveryRow.model_fields}
    told = {name: getattr(where, name) for name in
            ("carrier", "tracking", "page", "expected_date", "received_by", "received_at", "steps")}  # fmt: skip
    return {**row, **told, "lines": lines}


@router.get("/order-again", response=schemas.PortalOfferOut, summary="See what can be ordered again")
def read_order_again(request: HttpRequest) -> Any:
    """What you ordered before, at your prices of today. 404: the company takes no orders here."""
    visitor = noted(request, "orders")
    settings = portal_settings(visitor.company_id)
    if settings.takes_orders == "off":
        raise NotFound()
    offer = offer_again(visitor, shows_stock=settings.shows_stock, at=now())
    lines = [
        {"product_id": one.before.product_id, "unit": one.before.unit, "sku": one.before.sku, "name": one.before.name,
         "last_quantity": one.before.quantity, "last_date": one.before.last_date, "price": one.price,
         "is_there": one.is_there}
        for one in offer.lines
    ]  # fmt: skip
    return {"currency": offer.currency, "with_tax": offer.with_tax, "lines": lines}


@router.post("/order-again", response={201: schemas.PortalOrderedOut}, summary="Order again")
def post_order_again(request: HttpRequest, response: HttpResponse, body: schemas.PortalAgainIn) -> Any:
    """Only what was ordered before, each once, for the day you want it. Ten orders an hour."""
    visitor = request.auth  # type: ignore[attr-defined]
    items = [AgainItem(one.product_id, one.unit, one.quantity) for one in body.lines]
    made = order_again(
        visitor=visitor, items=items, wanted_on=body.wanted_on, reference=body.reference, note=body.note, at=now()
    )
    if made.confirmed:
        response["Location"] = f"/api/v1/portal/orders/{made.id}"
    return Status(201, made)

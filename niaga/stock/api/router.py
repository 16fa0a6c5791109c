"""Stock: receipts, levels, deliveries."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import PROBLEMS, Page, PageQuery, cursor_page
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.stock.api import schemas
from niaga.stock.api.papers import router as papers
from niaga.stock.api.views import delivery_out
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.levels import visible_levels
from niaga.stock.queries.receipts import get_receipt, receipt_lines
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.pick_delivery import pick_delivery
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

router = Router(tags=["stock"])
router.add_router("", papers)


@router.post("/stock/receipts", response={201: schemas.ReceiptOut, **PROBLEMS})
def post_receipt(request: HttpRequest, response: HttpResponse, body: schemas.ReceiptIn) -> Any:
    """Take goods in."""
    receipt = receive_goods(
        branch_id=body.branch_id or access_of(request.user).default_branch.id, warehouse_id=body.warehouse_id,
        items=[ReceiptItem(**line.dict()) for line in body.lines], supplier=body.supplier, reference=body.reference,
        note=body.note, by=request.user, at=now(),
    )  # fmt: skip
    receipt.__dict__["line_rows"] = receipt_lines(receipt_id=receipt.id)
    response["Location"] = f"/api/v1/stock/receipts/{receipt.id}"
    return Status(201, receipt)


@router.get("/stock/receipts/{receipt_id}", response={200: schemas.ReceiptOut, **PROBLEMS})
def read_receipt(request: HttpRequest, receipt_id: UUID) -> Any:
    receipt = get_receipt(receipt_id=receipt_id, by=request.user)
    receipt.__dict__["line_rows"] = receipt_lines(receipt_id=receipt.id)
    return receipt


@router.get("/stock/levels", response={200: Page[schemas.LevelOut], **PROBLEMS})
def list_levels(
    request: HttpRequest, page: Query[PageQuery], product_id: UUID | None = None, warehouse_id: UUID | None = None
) -> Any:
    """On hand, reserved and available, by product and warehouse."""
    rows = visible_levels(by=request.user)
    if product_id:
        rows = rows.filter(product_id=product_id)
    if warehouse_id:
        rows = rows.filter(warehouse_id=warehouse_id)
    items, cursor = cursor_page(rows, order=("id",), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/deliveries", response={200: Page[schemas.DeliveryRow], **PROBLEMS})
def list_deliveries(request: HttpRequest, page: Query[PageQuery], status: str | None = None) -> Any:
    """Deliveries you may see, the newest first."""
    rows = visible_deliveries(by=request.user)
    if status:
        rows = rows.filter(status=status)
    items, cursor = cursor_page(rows, order=("-created_at", "-id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/deliveries/{delivery_id}", response={200: schemas.DeliveryOut, **PROBLEMS})
def read_delivery(request: HttpRequest, response: HttpResponse, delivery_id: UUID) -> Any:
    return delivery_out(response, delivery_id=delivery_id, by=request.user)


@router.post("/deliveries/{delivery_id}/picking", response={200: schemas.DeliveryOut, **PROBLEMS})
def post_picking(request: HttpRequest, response: HttpResponse, delivery_id: UUID) -> Any:
    """Begin to collect the goods from the shelves."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    pick_delivery(delivery_id=delivery_id, by=request.user, at=now())
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))


@router.post("/deliveries/{delivery_id}/arrival", response={200: schemas.DeliveryOut, **PROBLEMS})
def post_arrival(request: HttpRequest, response: HttpResponse, delivery_id: UUID, body: schemas.ArrivalIn) -> Any:
    """Record that the customer has the goods, and who took them."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    deliver_goods(
        delivery_id=delivery_id, received_by=body.received_by, note=body.note, by=request.user, at=now()
    )  # fmt: skip
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))

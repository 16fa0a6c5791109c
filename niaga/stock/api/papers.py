"""The stockroom's papers: adjustments, transfers, counts, expected receipts; and the warehouses."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import PROBLEMS, Page, PageQuery, cursor_page, etag, expected_version
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import branch_facts
from niaga.stock.api import schemas
from niaga.stock.models import Adjustment, AdjustmentLine, ExpectedReceipt, ExpectedReceiptLine, Transfer, TransferLine
from niaga.stock.queries.counts import visible_adjustments
from niaga.stock.queries.expected import visible_expected
from niaga.stock.queries.receipts import get_receipt, receipt_lines
from niaga.stock.queries.transfers import visible_transfers
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.cancel_count import cancel_count
from niaga.stock.services.cancel_expected import cancel_expected
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.enter_count import enter_count
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.post_count import post_count
from niaga.stock.services.receive_expected import receive_expected
from niaga.stock.services.transfer_stock import transfer_stock

router = Router(tags=["stock"])


def _adjustment(response: HttpResponse, adjustment_id: UUID, by: Actor, *, is_count: bool) -> Adjustment:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_adjustments(by=by).filter(pk=adjustment_id, is_count=is_count).first()
    if found is None:
        raise NotFound()
    found.__dict__["line_rows"] = list(AdjustmentLine.objects.filter(adjustment_id=found.id).order_by("position"))
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/stock/{'counts' if is_count else 'adjustments'}/{found.id}"
    return found


def _transfer(response: HttpResponse, transfer_id: UUID, by: Actor) -> Transfer:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_transfers(by=by).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    found.__dict__["line_rows"] = list(TransferLine.objects.filter(transfer_id=found.id).order_by("position"))
    response["Location"] = f"/api/v1/stock/transfers/{found.id}"
    return found


def _expected(response: HttpResponse, expected_id: UUID, by: Actor) -> ExpectedReceipt:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_expected(by=by).filter(pk=expected_id).first()
    if found is None:
        raise NotFound()
    found.__dict__["line_rows"] = list(ExpectedReceiptLine.objects.filter(expected_id=found.id).order_by("id"))
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/stock/expected-receipts/{found.id}"
    return found


@router.post("/stock/adjustments", response={201: schemas.AdjustmentOut, **PROBLEMS})
def post_adjustment(request: HttpRequest, response: HttpResponse, body: schemas.AdjustmentIn) -> Any:
    """Correct what is on hand, at once."""
    done = adjust_stock(
        warehouse_id=body.warehouse_id, items=[StockItem(**line.dict()) for line in body.lines], reason=body.reason,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _adjustment(response, done.id, request.user, is_count=False))


@router.get("/stock/adjustments/{adjustment_id}", response={200: schemas.AdjustmentOut, **PROBLEMS})
def read_adjustment(request: HttpRequest, response: HttpResponse, adjustment_id: UUID) -> Any:
    return _adjustment(response, adjustment_id, request.user, is_count=False)


@router.post("/stock/transfers", response={201: schemas.TransferOut, **PROBLEMS})
def post_transfer(request: HttpRequest, response: HttpResponse, body: schemas.TransferIn) -> Any:
    """Move free goods from one warehouse to another, at once."""
    done = transfer_stock(
        source_id=body.source_id, target_id=body.target_id, items=[StockItem(**line.dict()) for line in body.lines],
        note=body.note, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _transfer(response, done.id, request.user))


@router.get("/stock/transfers/{transfer_id}", response={200: schemas.TransferOut, **PROBLEMS})
def read_transfer(request: HttpRequest, response: HttpResponse, transfer_id: UUID) -> Any:
    return _transfer(response, transfer_id, request.user)


@router.post("/stock/counts", response={201: schemas.AdjustmentOut, **PROBLEMS})
def post_count_sheet(request: HttpRequest, response: HttpResponse, body: schemas.CountIn) -> Any:
    """Draw up a count sheet with what should be there."""
    count = draft_count(
        warehouse_id=body.warehouse_id, product_ids=body.product_ids, reason=body.reason, by=request.user, at=now()
    )
    return Status(201, _adjustment(response, count.id, request.user, is_count=True))


@router.get("/stock/counts/{count_id}", response={200: schemas.AdjustmentOut, **PROBLEMS})
def read_count(request: HttpRequest, response: HttpResponse, count_id: UUID) -> Any:
    return _adjustment(response, count_id, request.user, is_count=True)


@router.post("/stock/counts/{count_id}/entries", response={200: schemas.AdjustmentOut, **PROBLEMS})
def post_count_entries(request: HttpRequest, response: HttpResponse, count_id: UUID, body: schemas.CountEntryIn) -> Any:
    """Write down what was counted. `If-Match` refuses when somebody saved in between."""
    _adjustment(response, count_id, request.user, is_count=True)
    enter_count(
        count_id=count_id, counted={line.line_id: line.counted for line in body.lines},
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, _adjustment(response, count_id, request.user, is_count=True))


@router.post("/stock/counts/{count_id}/posting", response={200: schemas.AdjustmentOut, **PROBLEMS})
def post_count_posting(request: HttpRequest, response: HttpResponse, count_id: UUID) -> Any:
    """Make what was counted what is on hand."""
    _adjustment(response, count_id, request.user, is_count=True)
    post_count(count_id=count_id, by=request.user, at=now())
    return Status(200, _adjustment(response, count_id, request.user, is_count=True))


@router.post("/stock/counts/{count_id}/cancellation", response={200: schemas.AdjustmentOut, **PROBLEMS})
def post_count_cancellation(
    request: HttpRequest, response: HttpResponse, count_id: UUID, body: schemas.StockReason | None = None
) -> Any:
    """Put a count sheet aside."""
    _adjustment(response, count_id, request.user, is_count=True)
    cancel_count(count_id=count_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, _adjustment(response, count_id, request.user, is_count=True))


@router.post("/stock/expected-receipts", response={201: schemas.ExpectedReceiptOut, **PROBLEMS})
def post_expected(request: HttpRequest, response: HttpResponse, body: schemas.ExpectedReceiptIn) -> Any:
    """Note goods that a supplier will bring."""
    noted = expect_receipt(
        warehouse_id=body.warehouse_id, supplier=body.supplier, expected_date=body.expected_date,
        items=[StockItem(**line.dict()) for line in body.lines], reference=body.reference, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _expected(response, noted.id, request.user))


@router.get("/stock/expected-receipts/{expected_id}", response={200: schemas.ExpectedReceiptOut, **PROBLEMS})
def read_expected(request: HttpRequest, response: HttpResponse, expected_id: UUID) -> Any:
    return _expected(response, expected_id, request.user)


@router.post("/stock/expected-receipts/{expected_id}/reception", response={201: schemas.ReceiptOut, **PROBLEMS})
def post_reception(
    request: HttpRequest, response: HttpResponse, expected_id: UUID, body: schemas.ReceptionIn | None = None
) -> Any:
    """Take in what came. Answers the receipt."""
    _expected(response, expected_id, request.user)
    given = body or schemas.ReceptionIn(lines=None, note="")
    lines = given.lines or []
    receipt = receive_expected(
        expected_id=expected_id, is_last=given.is_last, note=given.note, by=request.user, at=now(),
        quantities=None if given.lines is None else {line.line_id: line.quantity for line in lines},
        unit_costs={line.line_id: line.unit_cost for line in lines if line.unit_cost is not None},
    )  # fmt: skip
    del response["ETag"]
    response["Location"] = f"/api/v1/stock/receipts/{receipt.id}"
    answer = get_receipt(receipt_id=receipt.id, by=request.user)
    answer.__dict__["line_rows"] = receipt_lines(receipt_id=receipt.id)
    return Status(201, answer)


@router.post(
    "/stock/expected-receipts/{expected_id}/cancellation", response={200: schemas.ExpectedReceiptOut, **PROBLEMS}
)
def post_expected_cancellation(
    request: HttpRequest, response: HttpResponse, expected_id: UUID, body: schemas.StockReason | None = None
) -> Any:
    """Stop waiting for goods."""
    _expected(response, expected_id, request.user)
    cancel_expected(expected_id=expected_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, _expected(response, expected_id, request.user))


@router.get("/warehouses", response={200: Page[schemas.WarehouseOut], **PROBLEMS})
def list_warehouses(request: HttpRequest, page: Query[PageQuery]) -> Any:
    """Warehouses you may see."""
    items, cursor = cursor_page(visible_warehouses(by=request.user), order=("code", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.post("/warehouses", response={201: schemas.WarehouseOut, **PROBLEMS})
def post_warehouse(request: HttpRequest, response: HttpResponse, body: schemas.WarehouseIn) -> Any:
    """Add a place where goods are kept."""
    access = access_of(request.user)
    branch_id = body.branch_id or access.default_branch.id
    if branch_facts(branch_id).company_id != access.current_company.id:
        raise NotFound(field="branch_id")
    warehouse = create_warehouse(
        company_id=access.current_company.id, branch_id=branch_id, code=body.code, name=body.name, by=request.user,
        at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/warehouses/{warehouse.id}"
    return Status(201, warehouse)


@router.get("/warehouses/{warehouse_id}", response={200: schemas.WarehouseOut, **PROBLEMS})
def read_warehouse(request: HttpRequest, warehouse_id: UUID) -> Any:
    found = visible_warehouses(by=request.user).filter(pk=warehouse_id).first()
    if found is None:
        raise NotFound()
    return found

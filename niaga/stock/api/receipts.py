"""Goods that came, and goods that are expected."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import expected_schemas as shapes
from niaga.stock.api import schemas
from niaga.stock.api.schedule_schemas import PostponementIn
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine, Receipt
from niaga.stock.queries.expected import visible_expected
from niaga.stock.queries.receipts import get_receipt, receipt_lines, visible_receipts
from niaga.stock.services.cancel_expected import cancel_expected
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.postpone_expected import postpone_expected
from niaga.stock.services.receive_expected import receive_expected
from niaga.stock.services.receive_goods import receive_goods

router = Router(tags=["stock"])


def _receipt(response: HttpResponse, receipt_id: UUID, by: Actor) -> Receipt:
    """:raises NotFound: none, or none that `by` may see"""
    found = get_receipt(receipt_id=receipt_id, by=by)
    found.__dict__["line_rows"] = receipt_lines(receipt_id=receipt_id)
    response["Location"] = f"/api/v1/stock/receipts/{receipt_id}"
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


@router.get("/stock/receipts", response=Page[schemas.ReceiptRow], summary="List receipts of goods")
def list_receipts(request: HttpRequest, query: Query[schemas.MovedQuery]) -> Any:
    """What came in, the newest first."""
    access_of(request.user).require("stock", "view")
    rows = query.narrowed(
        visible_receipts(by=request.user), words=("number", "supplier", "reference"), time="received_at"
    )
    return page_of(rows, order=("-received_at", "-id"), query=query)


@router.post("/stock/receipts", response={201: schemas.ReceiptOut}, summary="Receive goods")
def post_receipt(request: HttpRequest, response: HttpResponse, body: schemas.ReceiptIn) -> Any:
    """Take goods in: they are on hand at once."""
    receipt = receive_goods(
        branch_id=body.branch_id or access_of(request.user).default_branch.id, warehouse_id=body.warehouse_id,
        items=[schemas.item_of(line) for line in body.lines], supplier=body.supplier, reference=body.reference,
        note=body.note, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _receipt(response, receipt.id, request.user))


@router.get("/stock/receipts/{receipt_id}", response=schemas.ReceiptOut, summary="Show a receipt of goods")
def read_receipt(request: HttpRequest, response: HttpResponse, receipt_id: UUID) -> Any:
    return _receipt(response, receipt_id, request.user)


@router.get(
    "/stock/expected-receipts",
    response=Page[shapes.ExpectedReceiptRow],
    summary="List expected receipts",
)
def list_expected(request: HttpRequest, query: Query[shapes.ExpectedQuery]) -> Any:
    """What suppliers will bring, by day; `status=open` is still waited for."""
    access_of(request.user).require("stock", "view")
    rows = visible_expected(by=request.user)
    if query.expected_until:
        rows = rows.filter(expected_date__lte=query.expected_until)
    rows = query.narrowed(rows, words=("supplier", "reference"), time="created_at")
    return page_of(rows, order=("expected_date", "id"), query=query)


@router.post("/stock/expected-receipts", response={201: shapes.ExpectedReceiptOut}, summary="Expect a receipt")
def post_expected(request: HttpRequest, response: HttpResponse, body: shapes.ExpectedReceiptIn) -> Any:
    """Note goods that a supplier will bring."""
    noted = expect_receipt(
        warehouse_id=body.warehouse_id, supplier=body.supplier, expected_date=body.expected_date,
        items=[StockItem(**line.dict()) for line in body.lines], reference=body.reference, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _expected(response, noted.id, request.user))


@router.get(
    "/stock/expected-receipts/{expected_id}",
    response=shapes.ExpectedReceiptOut,
    summary="Show an expected receipt",
)
def read_expected(request: HttpRequest, response: HttpResponse, expected_id: UUID) -> Any:
    return _expected(response, expected_id, request.user)


@router.post(
    "/stock/expected-receipts/{expected_id}/reception",
    response={201: schemas.ReceiptOut},
    summary="Receive what was expected",
)
def post_reception(
    request: HttpRequest, response: HttpResponse, expected_id: UUID, body: shapes.ReceptionIn | None = None
) -> Any:
    """Take in what came. Answers the receipt."""
    _expected(response, expected_id, request.user)
    given = body or shapes.ReceptionIn(lines=None, note="")
    lines = given.lines or []
    receipt = receive_expected(
        expected_id=expected_id, is_last=given.is_last, note=given.note, by=request.user, at=now(),
        quantities=None if given.lines is None else {line.line_id: line.quantity for line in lines},
        unit_costs={line.line_id: line.unit_cost for line in lines if line.unit_cost is not None},
        lots={line.line_id: [LotGiven(**lot.dict()) for lot in line.lots] for line in lines},
    )  # fmt: skip
    del response["ETag"]
    return Status(201, _receipt(response, receipt.id, request.user))


@router.post(
    "/stock/expected-receipts/{expected_id}/cancellation",
    response=shapes.ExpectedReceiptOut,
    summary="Cancel an expected receipt",
)
def post_expected_cancellation(
    request: HttpRequest, response: HttpResponse, expected_id: UUID, body: schemas.StockReason | None = None
) -> Any:
    """Stop waiting for goods."""
    _expected(response, expected_id, request.user)
    cancel_expected(expected_id=expected_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, _expected(response, expected_id, request.user))


@router.post(
    "/stock/expected-receipts/{expected_id}/postponement",
    response=shapes.ExpectedReceiptOut,
    summary="Expect a receipt on another day",
)
def post_postponement(request: HttpRequest, response: HttpResponse, expected_id: UUID, body: PostponementIn) -> Any:
    """Orders that were promised of these goods are promised anew, and their salespeople told."""
    _expected(response, expected_id, request.user)
    postpone_expected(
        expected_id=expected_id, expected_date=body.expected_date, reason=body.reason,
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, _expected(response, expected_id, request.user))

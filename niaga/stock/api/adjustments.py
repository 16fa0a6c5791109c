"""Adjustments, and counts: adjustments whose lines were counted."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import schemas
from niaga.stock.models import Adjustment, AdjustmentLine
from niaga.stock.queries.counts import visible_adjustments
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.cancel_count import cancel_count
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.enter_count import enter_count
from niaga.stock.services.post_count import post_count

router = Router(tags=["stock"])
_NEWEST = ("-created_at", "-id")


def _found(response: HttpResponse, adjustment_id: UUID, by: Actor, *, is_count: bool) -> Adjustment:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_adjustments(by=by).filter(pk=adjustment_id, is_count=is_count).first()
    if found is None:
        raise NotFound()
    found.__dict__["line_rows"] = list(AdjustmentLine.objects.filter(adjustment_id=found.id).order_by("position"))
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/stock/{'counts' if is_count else 'adjustments'}/{found.id}"
    return found


def _listed(query: schemas.StockPaperQuery, by: Actor, *, is_count: bool) -> QuerySet[Adjustment]:
    rows = visible_adjustments(by=by).filter(is_count=is_count)
    return query.narrowed(rows, words=("number", "reason"), time="created_at")


@router.get("/stock/adjustments", response=Page[schemas.AdjustmentRow], summary="List stock adjustments")
def list_adjustments(request: HttpRequest, query: Query[schemas.StockPaperQuery]) -> Any:
    """Corrections of what is on hand, the newest first."""
    access_of(request.user).require("stock", "view")
    return page_of(_listed(query, request.user, is_count=False), order=_NEWEST, query=query)


@router.post("/stock/adjustments", response={201: schemas.AdjustmentOut}, summary="Adjust stock")
def post_adjustment(request: HttpRequest, response: HttpResponse, body: schemas.AdjustmentIn) -> Any:
    """Correct what is on hand, at once."""
    done = adjust_stock(
        warehouse_id=body.warehouse_id, items=[schemas.item_of(line) for line in body.lines], reason=body.reason,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _found(response, done.id, request.user, is_count=False))


@router.get(
    "/stock/adjustments/{adjustment_id}",
    response=schemas.AdjustmentOut,
    summary="Show a stock adjustment",
)
def read_adjustment(request: HttpRequest, response: HttpResponse, adjustment_id: UUID) -> Any:
    return _found(response, adjustment_id, request.user, is_count=False)


@router.get("/stock/counts", response=Page[schemas.AdjustmentRow], summary="List stock counts")
def list_counts(request: HttpRequest, query: Query[schemas.StockPaperQuery]) -> Any:
    """Count sheets, the newest first; `status=draft` are being counted."""
    access_of(request.user).require("stock", "view")
    return page_of(_listed(query, request.user, is_count=True), order=_NEWEST, query=query)


@router.post("/stock/counts", response={201: schemas.AdjustmentOut}, summary="Begin a stock count")
def post_count_sheet(request: HttpRequest, response: HttpResponse, body: schemas.CountIn) -> Any:
    """Draw up a count sheet with what should be there."""
    count = draft_count(
        warehouse_id=body.warehouse_id, product_ids=body.product_ids, reason=body.reason, by=request.user, at=now()
    )
    return Status(201, _found(response, count.id, request.user, is_count=True))


@router.get("/stock/counts/{count_id}", response=schemas.AdjustmentOut, summary="Show a stock count")
def read_count(request: HttpRequest, response: HttpResponse, count_id: UUID) -> Any:
    return _found(response, count_id, request.user, is_count=True)


@router.post(
    "/stock/counts/{count_id}/entries",
    response=schemas.AdjustmentOut,
    summary="Enter what was counted",
)
def post_count_entries(request: HttpRequest, response: HttpResponse, count_id: UUID, body: schemas.CountEntryIn) -> Any:
    """Write down what was counted. `If-Match` refuses when somebody saved in between."""
    _found(response, count_id, request.user, is_count=True)
    enter_count(
        count_id=count_id, counted={line.line_id: line.counted for line in body.lines},
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, _found(response, count_id, request.user, is_count=True))


@router.post("/stock/counts/{count_id}/posting", response=schemas.AdjustmentOut, summary="Post a stock count")
def post_count_posting(request: HttpRequest, response: HttpResponse, count_id: UUID) -> Any:
    """Make what was counted what is on hand."""
    _found(response, count_id, request.user, is_count=True)
    post_count(count_id=count_id, by=request.user, at=now())
    return Status(200, _found(response, count_id, request.user, is_count=True))


@router.post(
    "/stock/counts/{count_id}/cancellation",
    response=schemas.AdjustmentOut,
    summary="Cancel a stock count",
)
def post_count_cancellation(
    request: HttpRequest, response: HttpResponse, count_id: UUID, body: schemas.StockReason | None = None
) -> Any:
    """Put a count sheet aside."""
    _found(response, count_id, request.user, is_count=True)
    cancel_count(count_id=count_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, _found(response, count_id, request.user, is_count=True))

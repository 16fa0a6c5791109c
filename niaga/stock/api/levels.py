"""What there is, and what moved."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from niaga.core.api import Page, PageQuery, page_of
from niaga.organization.access import access_of
from niaga.stock.api import schemas
from niaga.stock.queries.availability import visible_moves
from niaga.stock.queries.levels import visible_levels

router = Router(tags=["stock"])


@router.get("/stock/levels", response=Page[schemas.LevelOut], summary="List stock levels")
def list_levels(
    request: HttpRequest, query: Query[PageQuery], product_id: UUID | None = None, warehouse_id: UUID | None = None
) -> Any:
    """On hand, reserved, available and coming, by product and warehouse."""
    access_of(request.user).require("stock", "view")
    rows = visible_levels(by=request.user)
    if product_id:
        rows = rows.filter(product_id=product_id)
    if warehouse_id:
        rows = rows.filter(warehouse_id=warehouse_id)
    return page_of(rows, order=("id",), query=query)


@router.get("/stock/moves", response=Page[schemas.MoveOut], summary="List stock moves")
def list_moves(request: HttpRequest, query: Query[schemas.MoveQuery]) -> Any:
    """Everything that came and went, the newest first; nothing is ever taken out of this list."""
    access_of(request.user).require("stock", "view")
    rows = visible_moves(by=request.user)
    asked = query.dict(include={"product_id", "reason", "source_id"})
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return page_of(query.narrowed(rows, words=(), time="at"), order=("-at", "-id"), query=query)

"""What there is, and what moved."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.api import schemas
from niaga.stock.api.schedule_schemas import PlacesIn, PlacesOut, PromiseOut
from niaga.stock.queries.availability import availability, visible_moves
from niaga.stock.queries.levels import visible_levels
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.name_places import name_places

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


@router.get("/stock/promises", response=list[PromiseOut], summary="What can be promised")
def list_promises(
    request: HttpRequest,
    product_id: Annotated[list[UUID] | None, Query(max_length=500)] = None,
    warehouse_id: UUID | None = None,
) -> Any:
    """Of each product (up to 500): how much can be promised now, and from which days on more. One reading for all."""
    access = access_of(request.user)
    access.require("stock", "view")
    company = access.current_company
    if warehouse_id is not None and not visible_warehouses(by=request.user).filter(pk=warehouse_id).exists():
        raise NotFound(field="warehouse_id")
    asked = list(dict.fromkeys(product_id or ()))
    known = product_facts(company_id=company.id, ids=set(asked))
    ids = [one for one in asked if one in known]
    there = availability(product_ids=ids, company_id=company.id, warehouse_id=warehouse_id)
    today = day_at(at=now(), zone=company.zone)
    return [
        {"product_id": one, "free": there[one].free, "steps": [step._asdict() for step in there[one].to_promise(today)]}
        for one in ids
    ]


@router.put("/stock/places", response=PlacesOut, summary="Say where goods lie")
def put_places(request: HttpRequest, body: PlacesIn) -> Any:
    """Which shelf each product lies on in a warehouse; pick lists made from then on go by it."""
    if not visible_warehouses(by=request.user).filter(pk=body.warehouse_id).exists():
        raise NotFound(field="warehouse_id")
    places = {one.product_id: one.place for one in body.places}
    return {"products": name_places(warehouse_id=body.warehouse_id, places=places, by=request.user, at=now())}

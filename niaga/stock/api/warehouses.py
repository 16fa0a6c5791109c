"""Warehouses."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import schemas
from niaga.stock.models import Warehouse
from niaga.stock.queries.warehouses import all_warehouses, visible_warehouses
from niaga.stock.services.archive_warehouse import archive_warehouse
from niaga.stock.services.change_warehouse import change_warehouse
from niaga.stock.services.create_warehouse import create_warehouse

router = Router(tags=["stock"])


def _found(warehouse_id: UUID, by: Actor) -> Warehouse:
    """One the caller may see; who sets places also sees those put away.

    :raises NotFound: none, or none that `by` may see
    """
    rows = all_warehouses if access_of(by).allows("setting", "manage") else visible_warehouses
    found = rows(by=by).filter(pk=warehouse_id).first()
    if found is None:
        raise NotFound()
    return found


@router.get("/warehouses", response=Page[schemas.WarehouseOut], summary="List warehouses")
def list_warehouses(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Warehouses you may see."""
    access_of(request.user).require("stock", "view")
    return page_of(visible_warehouses(by=request.user), order=("code", "id"), query=query)


@router.post("/warehouses", response={201: schemas.WarehouseOut}, summary="Create a warehouse")
def post_warehouse(request: HttpRequest, response: HttpResponse, body: schemas.WarehouseIn) -> Any:
    """Add a place where goods are kept."""
    access = access_of(request.user)
    warehouse = create_warehouse(
        company_id=access.current_company.id, branch_id=body.branch_id or access.default_branch.id, code=body.code,
        name=body.name, by=request.user, at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/warehouses/{warehouse.id}"
    return Status(201, warehouse)


@router.get("/warehouses/{warehouse_id}", response=schemas.WarehouseOut, summary="Show a warehouse")
def read_warehouse(request: HttpRequest, warehouse_id: UUID) -> Any:
    return _found(warehouse_id, request.user)


@router.patch("/warehouses/{warehouse_id}", response=schemas.WarehouseOut, summary="Change a warehouse")
def patch_warehouse(request: HttpRequest, warehouse_id: UUID, body: schemas.WarehousePatch) -> Any:
    """Rename it, or give it to another branch; only what is sent is changed."""
    found = _found(warehouse_id, request.user)
    facts: dict[str, Any] = {"code": found.code, "name": found.name, "branch_id": found.branch_id} | body.dict(
        exclude_none=True
    )
    return change_warehouse(warehouse_id=warehouse_id, by=request.user, at=now(), **facts)


def _put_away(warehouse_id: UUID, by: Actor, *, archived: bool) -> Warehouse:
    access_of(by).require("setting", "manage")
    found = _found(warehouse_id, by)
    if (found.archived_at is not None) == archived:
        return found
    return archive_warehouse(warehouse_id=warehouse_id, by=by, at=now())


@router.put(
    "/warehouses/{warehouse_id}/archive",
    response=schemas.WarehouseOut,
    summary="Archive a warehouse",
)
def archive(request: HttpRequest, warehouse_id: UUID) -> Any:
    """Close it; it must be empty, and nothing may wait to leave from it."""
    return _put_away(warehouse_id, request.user, archived=True)


@router.delete(
    "/warehouses/{warehouse_id}/archive",
    response=schemas.WarehouseOut,
    summary="Restore a warehouse",
)
def restore(request: HttpRequest, warehouse_id: UUID) -> Any:
    """Open it again."""
    return _put_away(warehouse_id, request.user, archived=False)

"""The company's own vehicles."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import schedule_schemas as shapes
from niaga.stock.models import Vehicle
from niaga.stock.queries.picking import visible_vehicles
from niaga.stock.services.archive_vehicle import archive_vehicle
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle

router = Router(tags=["picking"])


def _found(vehicle_id: UUID, by: Actor) -> Vehicle:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_vehicles(by=by, archived=True).filter(pk=vehicle_id).first()
    if found is None:
        raise NotFound()
    return found


@router.get("/vehicles", response=Page[shapes.VehicleOut], summary="List vehicles")
def list_vehicles(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Vehicles of the warehouses you may see."""
    access_of(request.user).require("stock", "view")
    return page_of(visible_vehicles(by=request.user), order=("plate", "id"), query=query)


@router.post("/vehicles", response={201: shapes.VehicleOut}, summary="Add a vehicle")
def post_vehicle(request: HttpRequest, response: HttpResponse, body: shapes.VehicleIn) -> Any:
    access_of(request.user).require("setting", "manage")
    vehicle = save_vehicle(vehicle_id=None, details=VehicleDetails(**body.dict()), by=request.user, at=now())
    response["Location"] = f"/api/v1/vehicles/{vehicle.id}"
    return Status(201, vehicle)


@router.get("/vehicles/{vehicle_id}", response=shapes.VehicleOut, summary="Show a vehicle")
def read_vehicle(request: HttpRequest, vehicle_id: UUID) -> Any:
    access_of(request.user).require("stock", "view")
    return _found(vehicle_id, request.user)


@router.put("/vehicles/{vehicle_id}", response=shapes.VehicleOut, summary="Change a vehicle")
def put_vehicle(request: HttpRequest, vehicle_id: UUID, body: shapes.VehicleIn) -> Any:
    """Routes that are planned keep what they say of it."""
    access_of(request.user).require("setting", "manage")
    _found(vehicle_id, request.user)
    return save_vehicle(vehicle_id=vehicle_id, details=VehicleDetails(**body.dict()), by=request.user, at=now())


@router.put("/vehicles/{vehicle_id}/archive", response=shapes.VehicleOut, summary="Put a vehicle away")
def archive(request: HttpRequest, vehicle_id: UUID) -> Any:
    access_of(request.user).require("setting", "manage")
    _found(vehicle_id, request.user)
    return archive_vehicle(vehicle_id=vehicle_id, archived=True, by=request.user, at=now())


@router.delete("/vehicles/{vehicle_id}/archive", response=shapes.VehicleOut, summary="Take a vehicle back")
def restore(request: HttpRequest, vehicle_id: UUID) -> Any:
    access_of(request.user).require("setting", "manage")
    _found(vehicle_id, request.user)
    return archive_vehicle(vehicle_id=vehicle_id, archived=False, by=request.user, at=now())

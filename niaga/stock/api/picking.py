"""Routes, and picking them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.catalog.rules.load import GoodsLoad
from niaga.core.api import Page, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.api import schedule_schemas as shapes
from niaga.stock.api import schemas
from niaga.stock.models import DeliveryRoute, PickList
from niaga.stock.queries.loading import get_route, load_of
from niaga.stock.queries.loads import route_loads
from niaga.stock.queries.picking import (
    get_pick_list,
    lines_to_pick,
    list_of_line,
    stops_of,
    visible_pick_lists,
    visible_routes,
)
from niaga.stock.services.hand_back_lines import hand_back_lines
from niaga.stock.services.mark_loaded import mark_loaded
from niaga.stock.services.move_stop import move_stop
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.name_vehicle import name_vehicle
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.take_lines import take_lines

router = Router(tags=["picking"])


def _list(response: HttpResponse, pick_list_id: UUID, by: Actor) -> PickList:
    """:raises NotFound: none, or none that `by` may see"""
    found = get_pick_list(pick_list_id=pick_list_id, by=by)
    found.__dict__["line_rows"] = lines_to_pick(pick_list_id=found.id)
    response["Location"] = f"/api/v1/pick-lists/{found.id}"
    return found


def _route(response: HttpResponse, route_id: UUID, by: Actor) -> DeliveryRoute:
    """:raises NotFound: none, or none that `by` may see"""
    access_of(by).require("stock", "view")
    found = visible_routes(by=by).filter(pk=route_id).first()
    if found is None:
        raise NotFound()
    found.__dict__["stop_rows"] = stops_of(route_ids=[found.id]).get(found.id, [])
    found.__dict__["load"] = route_loads([found.id]).get(found.id, GoodsLoad())
    response["Location"] = f"/api/v1/routes/{found.id}"
    return found


@router.get("/routes", response=Page[shapes.RouteRow], summary="List routes")
def list_routes(request: HttpRequest, query: Query[shapes.RouteQuery]) -> Any:
    """What vehicles bring, by day, the latest first."""
    access_of(request.user).require("stock", "view")
    rows = query.narrowed(
        visible_routes(by=request.user, date=query.day), words=("number", "driver"), time="created_at"
    )
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/routes/{route_id}", response=shapes.RouteOut, summary="Show a route")
def read_route(request: HttpRequest, response: HttpResponse, route_id: UUID) -> Any:
    return _route(response, route_id, request.user)


@router.put("/routes/{route_id}/stops/{delivery_id}", response=shapes.RouteOut, summary="Move a stop")
def put_stop(
    request: HttpRequest, response: HttpResponse, route_id: UUID, delivery_id: UUID, body: shapes.StopIn
) -> Any:
    """Put a delivery to another place in its route; the others close up."""
    _route(response, route_id, request.user)
    move_stop(route_id=route_id, delivery_id=delivery_id, position=body.position, by=request.user, at=now())
    return _route(response, route_id, request.user)


def _load(request: HttpRequest, route_id: UUID) -> Any:
    route = get_route(route_id=route_id, by=request.user)
    stops = [
        {"place": stop.place, "customer": stop.customer, "deliveries": list(stop.deliveries.values()),
         "parcels": stop.facts.parcels, "grams": stop.facts.grams,
         "load": stop.goods._asdict(), "cash": stop.facts.cash, "lines": stop.lines}
        for stop in load_of(route)
    ]  # fmt: skip
    return {"route_id": route.pk, "number": route.number, "stops": stops}


@router.get("/routes/{route_id}/load", response=shapes.LoadOut, summary="Show what a vehicle carries")
def read_load(request: HttpRequest, route_id: UUID) -> Any:
    """Stop by stop, with what is on it already; the printed list is `GET /papers/route/{route_id}`."""
    return _load(request, route_id)


@router.put("/routes/{route_id}/load/{delivery_line_id}", response=shapes.LoadOut, summary="Check a line off")
def put_loaded(request: HttpRequest, route_id: UUID, delivery_line_id: UUID, body: shapes.LoadedIn) -> Any:
    """Say that a delivery line is on the vehicle, or is not after all."""
    get_route(route_id=route_id, by=request.user)
    mark_loaded(route_id=route_id, line_id=delivery_line_id, loaded=body.loaded, by=request.user, at=now())
    return _load(request, route_id)


@router.put("/routes/{route_id}/driver", response=shapes.RouteOut, summary="Give a route to a driver")
def put_driver(request: HttpRequest, response: HttpResponse, route_id: UUID, body: shapes.RouteDriverIn) -> Any:
    """Its stops leave the phone of who had them."""
    _route(response, route_id, request.user)
    name_driver(route_id=route_id, by=request.user, at=now(), **body.dict())
    return _route(response, route_id, request.user)


@router.put("/routes/{route_id}/vehicle", response=shapes.RouteOut, summary="Give a route to a vehicle")
def put_vehicle(request: HttpRequest, response: HttpResponse, route_id: UUID, body: shapes.RouteVehicleIn) -> Any:
    """It goes with that vehicle's usual driver. What is more than the vehicle may carry is refused with by how much,
    unless `over` says so with a reason."""
    _route(response, route_id, request.user)
    name_vehicle(route_id=route_id, by=request.user, at=now(), **body.dict())
    return _route(response, route_id, request.user)


@router.get("/pick-lists", response=Page[shapes.PickListRow], summary="List pick lists")
def list_pick_lists(request: HttpRequest, query: Query[schemas.MovedQuery]) -> Any:
    """What is fetched from the shelves, the latest first."""
    access_of(request.user).require("stock", "view")
    rows = query.narrowed(visible_pick_lists(by=request.user), words=("number",), time="created_at")
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/pick-lists/{pick_list_id}", response=shapes.PickListOut, summary="Show a pick list")
def read_pick_list(request: HttpRequest, response: HttpResponse, pick_list_id: UUID) -> Any:
    """Its lines in walking order."""
    return _list(response, pick_list_id, request.user)


@router.post("/pick-lists/{pick_list_id}/taking", response=shapes.PickListOut, summary="Take lines to pick")
def post_taking(request: HttpRequest, response: HttpResponse, pick_list_id: UUID) -> Any:
    """Take the next lines; nobody else can pick them then. Who has some gets no more before they are fetched."""
    get_pick_list(pick_list_id=pick_list_id, by=request.user)
    take_lines(pick_list_id=pick_list_id, by=request.user, at=now())
    return Status(200, _list(response, pick_list_id, request.user))


@router.post("/pick-lists/{pick_list_id}/handing-back", response=shapes.PickListOut, summary="Hand lines back")
def post_handing_back(
    request: HttpRequest, response: HttpResponse, pick_list_id: UUID, body: shapes.HandingBackIn | None = None
) -> Any:
    """Let others pick what you took and did not fetch; `everyones` takes back what anybody took."""
    get_pick_list(pick_list_id=pick_list_id, by=request.user)
    hand_back_lines(pick_list_id=pick_list_id, everyones=bool(body and body.everyones), by=request.user, at=now())
    return Status(200, _list(response, pick_list_id, request.user))


@router.post("/pick-lines/{pick_line_id}/picks", response=shapes.PickedOut, summary="Record a pick")
def post_pick(request: HttpRequest, pick_line_id: UUID, body: shapes.PickIn) -> Any:
    """Say how much of a line was fetched."""
    get_pick_list(pick_list_id=list_of_line(pick_line_id), by=request.user)
    line = record_pick(
        key=body.key, line_id=pick_line_id, quantity=body.quantity, reason=body.reason,
        lots=[(lot.number, lot.quantity) for lot in body.lots], by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, line)

"""A day of deliveries: what has to leave, planned into routes and pick lists by one button."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.load_words import load_words
from niaga.catalog.rules.load import GoodsLoad, load_sum
from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import access_of
from niaga.sales.services.plan_deliveries import orders_due, plan_deliveries
from niaga.sales.web.forms import as_id
from niaga.stock.queries.driving import drivers_of
from niaga.stock.queries.loads import delivery_loads
from niaga.stock.queries.picking import stops_of, visible_routes, visible_vehicles
from niaga.stock.queries.planning import calls_to_plan
from niaga.stock.queries.together import doors_to_join
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.rules.vehicle_load import Hold, too_heavy_for_all
from niaga.stock.web.vehicle_words import how_full
from niaga.ui.forms import once


def chosen_place(request: HttpRequest, given: Any) -> tuple[list[Any], Any, date]:
    """The warehouses the person may see, the one chosen, and the day: its branch's today when none is named.

    :raises NotFound: none that the person may see
    """
    places = list(visible_warehouses(by=request.user))
    wanted = as_id(given.get("warehouse", ""))
    mine = [place for place in places if place.branch_id in access_of(request.user).branch_ids]
    place = next((one for one in places if one.id == wanted), None) if wanted else next(iter([*mine, *places]), None)
    if place is None:
        raise NotFound(field="warehouse")
    try:
        day = date.fromisoformat(given.get("date", ""))
    except ValueError:
        day = clock.today(at=clock.now(), zone=place.branch.zone)
    return places, place, day


def _address(place: Any, day: date) -> str:
    return f"/deliveries/day?date={day.isoformat()}&warehouse={place.id}"


def _doors(stops: list[Any]) -> list[dict[str, Any]]:
    """The stops as a driver counts them: what travels together is one."""
    found: list[list[Any]] = []
    for stop in stops:
        joint_id = stop.delivery.joint_id
        if found and joint_id is not None and joint_id == found[-1][-1].delivery.joint_id:
            found[-1].append(stop)
        else:
            found.append([stop])
    return [{"first": door[0], "final": door[-1], "stops": door} for door in found]


@login_required
@require_GET
def show_day(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("delivery", "view")
    access.require("stock", "view")
    places, place, day = chosen_place(request, request.GET)
    routes = list(visible_routes(by=request.user, date=day).filter(warehouse_id=place.id).order_by("number"))
    stops = stops_of(route_ids=[route.id for route in routes])
    may_plan = access.reaches("stock", "record", place) and access.reaches("delivery", "create", place)
    step = timedelta(days=1) if day > date.min + timedelta(2) and day < date.max - timedelta(2) else timedelta(0)
    loads, goods = _loads(routes, stops)
    fleet = list(visible_vehicles(by=request.user).filter(warehouse_id=place.id))
    holds = [Hold(one.max_weight, one.max_volume) for one in fleet]
    asked = as_id(request.GET.get("heavy", "")), as_id(request.GET.get("with", ""))
    context = {
        "places": places, "place": place, "day": day, "may_plan": may_plan,
        "before": _address(place, day - step), "after": _address(place, day + step),
        "orders": len(orders_due(warehouse_id=place.id, date=day)),
        "waiting": len(calls_to_plan(warehouse_id=place.id, date=day)),
        "vehicles": len(fleet), "fleet": fleet,
        "routes": [
            {"row": route, "doors": _doors(stops.get(route.id, [])), "last": len(stops.get(route.id, [])),
             "full": (full := _full(route, routes, loads)),
             "load": load_words(loads.get(route.id, GoodsLoad()), always=bool(full)),
             "heavy_with": asked[1] if asked[0] == route.id else None,
             "too_heavy": _too_heavy(stops.get(route.id, []), goods, holds) if route.vehicle_id is None else set()}
            for route in routes
        ],
        "to_join": doors_to_join(warehouse_id=place.id, day=day) if access.allows("delivery", "change") else [],
        "may_move": may_plan, "drivers": drivers_of(place.company_id) if may_plan and routes else [],
    }  # fmt: skip
    return render(request, "sales/delivery_day.html", context)


def _loads(
    routes: Sequence[Any], stops: Mapping[UUID, Sequence[Any]]
) -> tuple[dict[UUID, GoodsLoad], dict[UUID, GoodsLoad]]:
    """What routes come to, and the deliveries in them; one statement."""
    goods = delivery_loads([
        stop.delivery_id for some in stops.values() for stop in some if stop.delivery.status != "cancelled"
    ])  # fmt: skip
    sums = {
        route.id: load_sum(goods.get(stop.delivery_id, GoodsLoad()) for stop in stops.get(route.id, []))
        for route in routes
    }
    return sums, goods


def _too_heavy(stops: list[Any], goods: Mapping[UUID, GoodsLoad], holds: Sequence[Hold]) -> set[UUID]:
    """The first deliveries of doors that are more than any vehicle carries."""
    return {
        door["first"].delivery_id for door in _doors(stops)
        if too_heavy_for_all(load_sum(goods.get(one.delivery_id, GoodsLoad()) for one in door["stops"]), holds)
    }  # fmt: skip


def _full(route: Any, routes: Sequence[Any], loads: Mapping[UUID, GoodsLoad]) -> list[dict[str, Any]]:
    """How full a route's vehicle is with all its routes of the day."""
    if route.vehicle is None:
        return []
    whole = load_sum(loads[one.id] for one in routes if one.vehicle_id == route.vehicle_id)
    return how_full(Hold(route.vehicle.max_weight, route.vehicle.max_volume), whole)


@login_required
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("delivery", "create")
    access.require("stock", "record")
    if as_id(request.POST.get("warehouse", "")) is None:
        raise Invalid(gettext("Choose a warehouse."), field="warehouse")
    _places, place, day = chosen_place(request, request.POST)
    warehouse_id: UUID = place.id

    def deed() -> str:
        done = plan_deliveries(warehouse_id=warehouse_id, date=day, by=request.user, at=clock.now())
        lists = ngettext("%(count)d route", "%(count)d routes", len(done.list_ids)) % {"count": len(done.list_ids)}
        words = ngettext(
            "%(count)d delivery planned into %(routes)s.", "%(count)d deliveries planned into %(routes)s.",
            done.deliveries,
        )  # fmt: skip
        messages.success(request, words % {"count": done.deliveries, "routes": lists})
        if done.too_heavy:
            heavy = ngettext(
                "%(count)d delivery is more than any vehicle carries; it stands in a route without one.",
                "%(count)d deliveries are more than any vehicle carries; they stand in a route without one.",
                done.too_heavy,
            )
            messages.warning(request, heavy % {"count": done.too_heavy})
        return _address(place, day)

    return once(request, deed)

"""A day of deliveries: what has to leave, planned into routes and pick lists by one button."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import access_of
from niaga.sales.services.plan_deliveries import orders_due, plan_deliveries
from niaga.sales.web.forms import as_id
from niaga.stock.queries.driving import drivers_of
from niaga.stock.queries.picking import stops_of, visible_routes, visible_vehicles
from niaga.stock.queries.planning import calls_to_plan
from niaga.stock.queries.together import doors_to_join
from niaga.stock.queries.warehouses import visible_warehouses
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
    context = {
        "places": places, "place": place, "day": day, "may_plan": may_plan,
        "before": _address(place, day - step), "after": _address(place, day + step),
        "orders": len(orders_due(warehouse_id=place.id, date=day)),
        "waiting": len(calls_to_plan(warehouse_id=place.id, date=day)),
        "vehicles": visible_vehicles(by=request.user).filter(warehouse_id=place.id).count(),
        "routes": [
            {"row": route, "doors": _doors(stops.get(route.id, [])), "last": len(stops.get(route.id, []))}
            for route in routes
        ],
        "to_join": doors_to_join(warehouse_id=place.id, day=day) if access.allows("delivery", "change") else [],
        "may_move": may_plan, "drivers": drivers_of(place.company_id) if may_plan and routes else [],
    }  # fmt: skip
    return render(request, "sales/delivery_day.html", context)


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
        return _address(place, day)

    return once(request, deed)

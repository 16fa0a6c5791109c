"""Loading a vehicle on the phone: stop by stop, each line checked off."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.load_words import load_words, weight_words
from niaga.catalog.rules.load import load_sum as goods_sum
from niaga.core import clock
from niaga.organization.access import access_of
from niaga.stock.models import DeliveryRoute
from niaga.stock.queries.loading import get_route, load_of
from niaga.stock.rules.load_list import LoadStop, load_sum
from niaga.stock.rules.vehicle_load import Hold
from niaga.stock.services.mark_loaded import mark_loaded
from niaga.stock.web.vehicle_words import how_full
from niaga.ui import formatting


@login_required
@require_GET
def show(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """The route's load: `?order=last_first` as a vehicle is loaded, else as it is unloaded."""
    return _page(request, route_id)


def _page(request: HttpRequest, route_id: UUID) -> HttpResponse:
    route = get_route(route_id=route_id, by=request.user)
    stops = load_of(route)
    lines = [line for stop in stops for line in stop.lines]
    done = sum(line.is_loaded for line in lines)
    whole = load_sum(stops)
    last_first = request.GET.get("order") != "first_first"
    paper = reverse("documents:paper", args=["route", route.pk])
    context: dict[str, Any] = {
        "route": route, "vehicle": str(route.vehicle or _("No vehicle")), "last_first": last_first,
        "stops": list(reversed(stops)) if last_first else stops, "done": done, "all": len(lines),
        "share": done * 100 // len(lines) if lines else 100,
        "full": _full(route, stops), "booked": weight_words(Decimal(whole.grams) / 1000) if whole.grams else "",
        "goods": load_words(goods_sum(stop.goods for stop in stops), always=route.vehicle is not None),
        "cash": [formatting.money(amount, currency) for currency, amount in sorted(whole.cash.items()) if amount],
        "may_load": access_of(request.user).reaches("stock", "record", route.warehouse),
        "paper": f"{paper}?variant=last_first" if last_first else paper,
        "address": reverse("stock:loading", args=[route.pk]),
    }  # fmt: skip
    return render(request, "stock/loading.html", context)


def _full(route: DeliveryRoute, stops: Sequence[LoadStop]) -> list[dict[str, Any]]:
    """How full the vehicle is with this load."""
    if route.vehicle is None:
        return []
    return how_full(Hold(route.vehicle.max_weight, route.vehicle.max_volume), goods_sum(s.goods for s in stops))


@login_required
@require_POST
def mark(request: HttpRequest, route_id: UUID, delivery_line_id: UUID) -> HttpResponse:
    """Check a line off, or take the mark back: what is sent twice counts once, so it needs no token."""
    get_route(route_id=route_id, by=request.user)
    loaded = request.POST.get("loaded") == "1"
    mark_loaded(route_id=route_id, line_id=delivery_line_id, loaded=loaded, by=request.user, at=clock.now())
    if request.headers.get("HX-Request"):
        return _page(request, route_id)
    return redirect("stock:loading", route_id=route_id)

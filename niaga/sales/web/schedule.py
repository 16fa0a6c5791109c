"""The week of deliveries: what leaves on which day, what is late, and another day by drag or by keyboard."""

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.sales.queries.day_loads import day_loads, lines_to_leave
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.schedule import MOST, scheduled_orders
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.web.delivery_day import chosen_place
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.rules.capacity import Capacity
from niaga.ui import formatting
from niaga.ui.forms import DayField, once


@login_required
@require_GET
def show_week(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("order", "view")
    places, place, day = chosen_place(request, request.GET)
    today = clock.today(at=clock.now(), zone=place.branch.zone)
    first = day - timedelta(days=day.weekday()) if day > date.min + timedelta(8) else date.min
    first = min(first, date.max - timedelta(14))
    days = [first + timedelta(days=n) for n in range(7)]
    rows = list(scheduled_orders(by=request.user, warehouse_id=place.id, first=days[0], last=days[6], today=today))
    cards: dict[Any, list[Any]] = {one: [] for one in days}
    late, undated = [], []
    for order in rows:
        order.may_move = access.reaches("order", "change", order)
        for one in order.days:
            row = copy(order)
            row.day, row.is_part = one, len(order.days) > 1
            row.goods_late = row.goods_day is not None and (one is None or row.goods_day > one)
            if one is None:
                undated.append(row)
            elif one < today:
                late.append(row)
            elif one in cards:
                cards[one].append(row)
    capacity = capacity_of(warehouse_id=place.id, since=days[0])
    used = day_loads(warehouse_id=place.id, days=days, measure=capacity.measure) if capacity else {}
    weeks = {name: first + timedelta(days=7 * step) for name, step in (("before", -1), ("after", 1))} if (
        date.min + timedelta(8) < first
    ) else {"before": first, "after": first}  # fmt: skip
    context = {
        "places": places, "place": place, "first": first, "last": days[6], "today": today, "late": late,
        "undated": undated,
        "days": [
            {"date": one, "rows": cards[one], "past": one < today, **_room(capacity, used, one)} for one in days
        ],
        "may_overfill": access.allows("delivery", "create"), "measure": capacity.measure if capacity else "",
        "cut": len(rows) >= MOST, **{name: _address(place, one) for name, one in weeks.items()},
    }  # fmt: skip
    return render(request, "sales/schedule.html", context)


def _room(capacity: Capacity | None, used: Mapping[date, int], day: date) -> dict[str, Any]:
    """How much of a day is taken, and whether it is closed; nothing for a warehouse without limits."""
    if capacity is None:
        return {}
    room = capacity.room(day)
    taken = used.get(day, 0)
    return {"closed": not room.is_open, "why": room.reason, "used": taken, "limit": room.limit,
            "full": room.is_open and not room.takes(used=taken, more=1)}  # fmt: skip


def _address(place: Any, day: date) -> str:
    return f"/deliveries/week?date={day.isoformat()}&warehouse={place.id}"


@login_required
@require_POST
def reschedule(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = get_order(order_id=order_id, by=request.user)
    day = DayField().clean(request.POST.get("date", ""))
    line_ids = None
    if "from" in request.POST:  # a card stands for what of the order leaves on one day
        had = DayField(required=False).clean(request.POST["from"])
        line_ids = [line.id for line in lines_to_leave(order_id) if (line.day or order.planned_date) == had]

    def deed() -> str:
        reschedule_order(
            order_id=order_id,
            planned_date=day,
            line_ids=line_ids,
            reason=request.POST.get("reason", ""),
            over="over" in request.POST,
            by=request.user,
            at=clock.now(),
        )
        words = gettext("%(number)s is planned for %(day)s.")
        messages.success(request, words % {"number": order.number, "day": formatting.day(day)})
        return f"/deliveries/week?date={day.isoformat()}&warehouse={order.warehouse_id}"

    return once(request, deed)

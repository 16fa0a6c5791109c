"""Week and month of deliveries: what leaves on which day, what is late, and another day by drag or by keyboard."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.sales.queries.day_loads import lines_to_leave
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.schedule import MOST, MOST_OF_MONTH
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.web.schedule_view import SHOWN, ScheduleView, export, weeks_of
from niaga.ui import formatting
from niaga.ui.forms import DayField, once


@login_required
@require_GET
def show_week(request: HttpRequest) -> HttpResponse:
    view = ScheduleView(request, "week")
    first = view.day - timedelta(days=view.day.weekday()) if view.day > date.min + timedelta(8) else date.min
    first = min(first, date.max - timedelta(14))
    days = [first + timedelta(days=n) for n in range(7)]
    cards = view.cards(days, most=MOST)
    weeks = {name: first + timedelta(days=7 * step) for name, step in (("before", -1), ("after", 1))} if (
        date.min + timedelta(8) < first
    ) else {"before": first, "after": first}  # fmt: skip
    context = {
        **view.facts(cards, days), "first": first, "last": days[6],
        **{name: view.address(one) for name, one in weeks.items()},
    }  # fmt: skip
    return render(request, "sales/schedule.html", context)


@login_required
@require_GET
def show_month(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """A month in whole weeks; as CSV what is on its own days."""
    view = ScheduleView(request, "month")
    month = min(max(view.day, date(1900, 1, 1)), date(9998, 12, 1)).replace(day=1)
    days = weeks_of(month)
    cards = view.cards(days, most=MOST_OF_MONTH)
    if request.GET.get("export") == "csv":
        return export(cards, month)
    facts = view.facts(cards, days)
    for one in facts["days"]:
        one["outside"] = one["date"].month != month.month
        one["more"] = max(0, len(one["rows"]) - SHOWN)
        one["week"] = view.address(one["date"], kind="week")
    context = {
        **facts, "month": month, "shown": SHOWN, "before": view.address((month - timedelta(days=1)).replace(day=1)),
        "after": view.address((month + timedelta(days=32)).replace(day=1)),
        "csv": f"{view.address(month)}&export=csv", "weekdays": days[:7],
    }  # fmt: skip
    return render(request, "sales/month.html", context)


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
        kind = "month" if request.POST.get("view") == "month" else "week"
        return f"/deliveries/{kind}?date={day.isoformat()}&warehouse={order.warehouse_id}"

    return once(request, deed)

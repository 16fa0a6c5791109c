"""What week and month of deliveries share: the place, the filters, the cards by day, and how full the days are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.queries.users import salespeople
from niaga.sales.queries.day_loads import day_loads
from niaga.sales.queries.schedule import Wanted, scheduled_orders
from niaga.sales.web.day_words import measured
from niaga.sales.web.delivery_day import chosen_place
from niaga.sales.web.forms import as_id
from niaga.sales.web.words import DELIVERY
from niaga.stock.queries.capacity import capacity_of
from niaga.stock.rules.capacity import EMPTY, Capacity
from niaga.stock.rules.day_load import CARRIED, DayLoad, shown
from niaga.ui.lists.export import csv_response

SHOWN = 4
"""Cards of a day in the month; the others are behind a link to their week."""
STATES = {
    "none": gettext_lazy("Nothing delivered yet"), "partial": gettext_lazy("Partly delivered"),
    "waiting": gettext_lazy("Waits for goods"),
}  # fmt: skip


class Cards(NamedTuple):
    """Orders by the day on which something of them leaves, those that are late, and those without a day."""

    by_day: Mapping[date, Sequence[Any]]
    late: Sequence[Any]
    undated: Sequence[Any]
    is_cut: bool


class Column(NamedTuple):
    label: str
    export: Callable[[Any], Any]


class Rows(list[Any]):
    """Rows that were read already, as an export takes them."""

    def iterator(self, *, chunk_size: int) -> Iterator[Any]:
        return iter(self)


def weeks_of(month: date) -> list[date]:
    """The days of the whole weeks that a month touches, from a Monday on."""
    first = month - timedelta(days=month.weekday())
    after = (month + timedelta(days=32)).replace(day=1)
    count = -(-(after - first).days // 7) * 7
    return [first + timedelta(days=n) for n in range(count)]


class ScheduleView:
    """One look at the schedule. `kind` is `week` or `month`.

    :raises Forbidden: the person may not see orders
    :raises NotFound: they may see no warehouse, or not this one
    """

    def __init__(self, request: HttpRequest, kind: str) -> None:
        self.request, self.kind = request, kind
        self.access = access_of(request.user)
        self.access.require("order", "view")
        self.places, self.place, self.day = chosen_place(request, request.GET)
        self.today = clock.today(at=clock.now(), zone=self.place.branch.zone)
        state = request.GET.get("state", "")
        self.wanted = Wanted(
            request.GET.get("q", "").replace("\x00", "").strip()[:60], as_id(request.GET.get("salesperson", "")),
            state if state in STATES else "",
        )  # fmt: skip

    def address(self, day: date, *, kind: str = "") -> str:
        """The same look around another day, with its filters."""
        named = {"q": self.wanted.text, "salesperson": self.wanted.salesperson_id, "state": self.wanted.state}
        query = {"date": day.isoformat(), "warehouse": self.place.id} | {key: one for key, one in named.items() if one}
        return f"/deliveries/{kind or self.kind}?{urlencode(query)}"

    def cards(self, days: Sequence[date], *, most: int) -> Cards:
        rows = list(scheduled_orders(
            by=self.request.user, warehouse_id=self.place.id, first=days[0], last=days[-1], today=self.today,
            wanted=self.wanted, most=most,
        ))  # fmt: skip
        by_day: dict[date, list[Any]] = {one: [] for one in days}
        late, undated = [], []
        for order in rows:
            order.may_move = self.access.reaches("order", "change", order)
            for one in order.days:
                row = copy(order)
                row.day, row.is_part = one, len(order.days) > 1
                row.goods_late = row.goods_day is not None and (one is None or row.goods_day > one)
                if one is None:
                    undated.append(row)
                elif one < self.today:
                    late.append(row)
                elif one in by_day:
                    by_day[one].append(row)
        return Cards(by_day, late, undated, len(rows) >= most)

    def facts(self, cards: Cards, days: Sequence[date]) -> dict[str, Any]:
        """What both templates show."""
        capacity = capacity_of(warehouse_id=self.place.id, since=days[0])
        used = day_loads(warehouse_id=self.place.id, days=days, weighs=capacity.weighs) if capacity else {}
        return {
            "kind": self.kind, "places": self.places, "place": self.place, "day": self.day, "today": self.today,
            "late": cards.late, "undated": cards.undated, "cut": cards.is_cut,
            "days": [
                {"date": one, "rows": cards.by_day[one], "past": one < self.today, **_room(capacity, used, one)}
                for one in days
            ],
            "may_overfill": self.access.allows("delivery", "create"),
            "wanted": self.wanted, "states": STATES.items(), "tabs": self._tabs(),
            "people": [(row.pk, str(row)) for row in salespeople(by=self.request.user)],
            "filtered": any(self.wanted), "plain": f"/deliveries/{self.kind}?warehouse={self.place.id}",
        }  # fmt: skip

    def _tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("List"), "url": reverse("stock:deliveries"), "current": False},
            *(
                {"label": label, "url": self.address(self.day, kind=kind), "current": kind == self.kind}
                for kind, label in (("week", _("Week")), ("month", _("Month")))
            ),
        ]


def export(cards: Cards, month: date) -> StreamingHttpResponse:
    """What leaves on the days of a month, and what is late or has no day, as CSV."""
    rows = [*cards.late, *cards.undated]
    rows += [row for day, found in cards.by_day.items() if day.month == month.month for row in found]
    columns = [
        Column(_("Day"), lambda row: row.day or ""),
        Column(_("Order"), lambda row: row.number),
        Column(_("Customer"), lambda row: row.customer.name),
        Column(_("Reference"), lambda row: row.customer_reference),
        Column(_("Salesperson"), lambda row: str(row.salesperson or "")),
        Column(_("Requested"), lambda row: row.requested_date or ""),
        Column(_("Delivery"), lambda row: str(DELIVERY[row.delivery_progress].label)),
        Column(_("Goods from"), lambda row: row.goods_day or ""),
    ]
    return csv_response(columns, Rows(rows), f"deliveries-{month:%Y-%m}.csv")


def _room(capacity: Capacity | None, used: Mapping[date, DayLoad], day: date) -> dict[str, Any]:
    """How much of a day is taken in each measure that is limited, and whether it is closed; nothing for a warehouse
    without limits."""
    if capacity is None:
        return {}
    room, taken = capacity.room(day), used.get(day, EMPTY)
    rooms = [
        {"full": room.is_full(measure, taken),
         "words": _("%(used)s of %(limit)s") % {
             "used": measured(measure, shown(taken.of(measure))), "limit": measured(measure, limit)}}
        for measure, limit in room.limits.items()
    ]  # fmt: skip
    unweighed = taken.goods.unweighed if any(measure in CARRIED for measure in room.limits) else 0
    return {"closed": not room.is_open, "why": room.reason, "rooms": rooms, "is_taken": taken.orders > 0,
            "unweighed": unweighed}  # fmt: skip

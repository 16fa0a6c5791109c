"""The list of deliveries."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.stock.queries.deliveries import listed_deliveries
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.pick_deliveries import pick_deliveries
from niaga.stock.web.together import joined
from niaga.stock.web.words import DELIVERY
from niaga.ui.documents import Action
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Day,
    Days,
    Done,
    Empty,
    Flag,
    Listing,
    Number,
    Reference,
    Search,
    Status,
    StatusColumn,
    Text,
    View,
)
from niaga.ui.lists.addresses import row_address


def here_today(request: HttpRequest) -> date:
    """The day at the person's company."""
    return clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(number__icontains=text) | Q(source_number__icontains=text) | Q(customer__name__icontains=text))


def _pick(request: HttpRequest, ids: list[UUID]) -> Done:
    count = pick_deliveries(delivery_ids=ids, by=request.user, at=clock.now())
    return Done(ngettext("%(count)d delivery is being picked.", "%(count)d deliveries are being picked.", count)
                % {"count": count})  # fmt: skip


def _together(request: HttpRequest, ids: list[UUID]) -> Done:
    joint_id = joined(request, ids)
    return Done(gettext("They travel together now."), url=reverse("stock:joint", args=[joint_id]))


def _late(row: Any) -> Status | None:
    return Status(gettext("Late"), "bad", "clock") if row.is_late else None


class DeliveryList(Listing):
    key, title, sort = "deliveries", _("Deliveries"), "-created"
    live = "delivery"
    columns = (
        Reference("number", _("Number"), sub="source_number", sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sub=lambda row: row.address.get("city"),
             sort="customer__name", phone="meta"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", sort="warehouse__name"),
        Day("planned", _("Planned"), source="planned_date", sort="planned_date", sub="joint__number", phone="meta"),
        StatusColumn("late", _("Due"), source=_late),
        Number("lines", _("Lines"), source="line_count", only_exported=True),
        StatusColumn("status", _("Status"), statuses=DELIVERY, sort="status", phone="status"),
        Day("created", _("Made"), source="created_at", sort="created_at"),
        Text("carrier", _("Carrier"), sub="tracking"),
        Text("joint", _("Together"), source="joint__number", only_exported=True),
    )  # fmt: skip
    filters = (
        Search("q", _("Delivery, order or customer"), match=_matching),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in DELIVERY.items()]),
        Choice("warehouse", _("Warehouse"),
               options=lambda request: visible_warehouses(by=request.user).values_list("id", "name")),
        Days("planned", _("Planned"), lookup="planned_date"),
        Flag("open", _("To ship"), match=lambda rows: rows.filter(status__in=("draft", "picking"))),
    )  # fmt: skip
    views = (
        View(_("To ship"), "open=1&sort=planned"),
        View(_("On its way"), "status=shipped"),
        View(_("Delivered"), "status=delivered"),
    )
    bulk = (
        BulkAction(
            "pick", _("Start picking"), act=_pick, icon="package-open",
            allowed=lambda request: access_of(request.user).allows("delivery", "change"),
        ),
        BulkAction(
            "together", _("Send together"), act=_together, icon="combine",
            allowed=lambda request: access_of(request.user).allows("delivery", "change"),
        ),
    )  # fmt: skip
    empty = Empty(
        _("No deliveries yet"),
        _("A delivery is drawn up from a confirmed order: it is picked, shipped, and closed by who took the goods."),
        icon="truck",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("delivery", "view")
        return listed_deliveries(by=self.request.user, today=here_today(self.request))

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("stock", "view"):
            return []
        return [
            Action(_("Week"), url="/deliveries/week", icon="calendar-days", method="get"),
            Action(_("Month"), url="/deliveries/month", icon="calendar", method="get"),
            Action(_("Pick lists"), url="/picking", icon="clipboard-list", method="get"),
            Action(_("Plan a day"), url="/deliveries/day", icon="route", method="get", kind="go", key="n"),
        ]

    def url(self, row: Any) -> str:
        return row_address("stock:delivery", row.pk)

"""What happened at doors: what needs a next step on top, then every visit."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.shipping.models import DeliveryVisit
from niaga.shipping.queries.doors import doors_to_settle, get_report, matching_visits, open_reports, visible_visits
from niaga.shipping.services.end_report import end_report
from niaga.shipping.services.plan_next_try import plan_next_try
from niaga.shipping.web.words import VISITS, why
from niaga.stock.queries.deliveries import get_delivery
from niaga.ui import formatting
from niaga.ui.forms import DayField, facts_of, once
from niaga.ui.lists import (
    Choice,
    Day,
    Days,
    Empty,
    Flag,
    Listing,
    Money,
    Reference,
    Search,
    StatusColumn,
    Text,
    View,
)
from niaga.ui.lists.addresses import row_address

MOST = 30


def _step(row: Any) -> str:
    if row.outcome != "failed":
        return str(row.received_by)
    words = [why(row.reason)]
    if row.next_date:
        words.append(gettext("again %(day)s") % {"day": formatting.day(row.next_date)})
    return " · ".join(filter(None, words))


class DoorList(Listing):
    key, title, sort = "doors", _("At the door"), "-at"
    live, template = "delivery", "shipping/doors.html"
    columns = (
        Reference("delivery", _("Delivery"), source="delivery__number", sort="delivery__number", phone="meta"),
        Text("customer", _("Customer"), source="delivery__customer__name", sort="delivery__customer__name",
             phone="title"),
        StatusColumn("outcome", _("Outcome"), statuses=VISITS, sort="outcome", phone="status"),
        Text("step", _("Taken by, or why not"), source=_step, phone="meta"),
        Text("who", _("Driver"), source="who"),
        Money("cash", _("Cash taken"), phone="value",
              sub=lambda row: gettext("With the driver") if row.has_cash else ""),
        Day("at", _("When"), source=lambda row: row.at, sort="at"),
    )  # fmt: skip
    filters = (
        Search("q", _("Delivery, customer or who took it"), match=matching_visits),
        Choice("outcome", _("Outcome"), options=[(key, status.label) for key, status in VISITS.items()]),
        Days("at", _("When"), lookup="at"),
        Flag("cash", _("Money with the driver"), match=lambda rows: rows.filter(has_cash=True)),
    )
    views = (
        View(_("Not delivered"), "outcome=failed"),
        View(_("Delivered in part"), "outcome=part"),
        View(_("Money with the driver"), "cash=1"),
    )
    empty = Empty(
        _("No visit yet"),
        _("What drivers tell of a door with their phone stands here: who took the goods, with signature and photo, what"
          " was refused and why, and the money they were paid."),
        icon="map-pin-check",
    )  # fmt: skip

    def rows(self) -> QuerySet[DeliveryVisit]:
        access_of(self.request.user).require("delivery", "view")
        return visible_visits(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("stock:delivery", row.delivery_id)

    def context(self) -> dict[str, Any]:
        access = access_of(self.request.user)
        today = clock.today(at=clock.now(), zone=access.default_branch.zone)
        waiting = list(doors_to_settle(by=self.request.user, today=today)[:MOST])
        last = {}
        for one in DeliveryVisit.objects.filter(delivery__in=waiting, outcome="failed").order_by("at"):
            last[one.delivery_id] = one
        reports = [
            {"row": one, "said": VISITS[one.told["outcome"]], "why": why(one.told.get("reason", ""))}
            for one in open_reports(by=self.request.user)[:MOST]
        ]
        return {
            "waiting": [{"row": one, "last": last[one.id], "why": why(last[one.id].reason)} for one in waiting],
            "reports": reports, "may_plan": access.allows("delivery", "change"), "today": today,
            "may_take": access.allows("delivery", "deliver"),
        }  # fmt: skip


class NextTryForm(forms.Form):
    next_date = DayField(label=_("Next try"))


@login_required
@require_POST
def again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Plan the next try of a delivery whose driver came in vain."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    day = facts_of(NextTryForm(request.POST))["next_date"]

    def deed() -> str:
        plan_next_try(delivery_id=delivery_id, next_date=day, by=request.user, at=clock.now())
        messages.success(request, gettext("It is tried again on %(day)s.") % {"day": formatting.day(day)})
        return reverse("shipping:doors")

    return once(request, deed)


@login_required
@require_POST
def end(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take what a driver handed in as a visit, or close it with a word."""
    get_report(report_id=report_id, by=request.user)
    take, note = request.POST.get("take") == "1", str(request.POST.get("note", ""))
    if not take and not note.strip():
        raise Invalid(gettext("Say why it is not taken."), field="note")

    def deed() -> str:
        delivery_id = end_report(report_id=report_id, take=take, note=note, by=request.user, at=clock.now())
        messages.success(request, gettext("Recorded as a visit.") if take else gettext("Closed."))
        return reverse("stock:delivery", args=[delivery_id]) if take else reverse("shipping:doors")

    return once(request, deed)

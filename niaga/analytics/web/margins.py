"""What sales earn, by customer, product, category, salesperson, branch, channel or month."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.analytics.queries.margins import By, Wanted, margins
from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, channels
from niaga.organization.queries.users import salespeople
from niaga.ui import formatting
from niaga.ui.lists import Choice, Days, Empty, Listing, Money, Percent, Search, Text, Total

GROUPS: dict[By, Any] = {
    "product": _("Product"), "customer": _("Customer"), "category": _("Category"), "salesperson": _("Salesperson"),
    "branch": _("Branch"), "channel": _("Channel"), "month": _("Month"),
}  # fmt: skip
_NONE: dict[By, Any] = {
    "product": _("Freight and other charges"), "customer": _("Without a customer"),
    "category": _("Without a category"), "salesperson": _("Without a salesperson"),
    "branch": _("Without a branch"), "channel": _("Without a channel"), "month": "",
}  # fmt: skip
_NEXT: dict[By, By] = {
    "product": "customer", "customer": "product", "category": "product", "salesperson": "customer",
    "branch": "product", "channel": "product", "month": "product",
}  # fmt: skip
_KEYS = ("customer", "product", "category", "salesperson", "branch", "channel")


class _Period(Days):
    """Days by which the rows are told; it narrows nothing by itself."""

    def narrow(self, rows: Any, value: Any, request: HttpRequest) -> Any:
        return rows


_DAYS = _Period("date", _("Period"))


def _told(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """`rows()` has narrowed them, where the sums are made."""
    return rows


def group_of(request: HttpRequest) -> By:
    asked = request.GET.get("by", "")
    return next((name for name in GROUPS if name == asked), "product")


def wanted_of(request: HttpRequest) -> Wanted:
    """The period that is asked for, without one this month and the last; and what it is narrowed to."""
    today = clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)
    begin = (today.replace(day=1) - date.resolution).replace(day=1)
    since, until = _DAYS.read(request.GET) or (None, None)
    return Wanted(since or begin, until or today, **{f"{name}_id": _id(request, name) for name in _KEYS})


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


class MarginList(Listing):
    key, title, sort, template = "margins", _("Margins"), "-margin", "analytics/margins.html"
    columns = (
        Text("name", _("Name"), source=lambda row: row.name or gettext("None of them"), sub="detail", sort="name",
             phone="title"),
        Money("revenue", _("Revenue"), sort="revenue", phone="meta"),
        Money("cost", _("Cost of sales"), sort="cost"),
        Money("margin", _("Margin"), sort="margin", phone="value"),
        Percent("percent", _("Margin in %"), sort="percent", phone="status"),
    )  # fmt: skip
    filters = (
        Search("q", _("Name"), match=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(detail__istartswith=text))),
        Choice("by", _("Grouped by"), options=list(GROUPS.items()), match=_told),
        _DAYS,
        Choice("branch", _("Branch"), match=_told,
               options=lambda request: branches(by=request.user).values_list("id", "name")),
        Choice("salesperson", _("Salesperson"), match=_told,
               options=lambda request: salespeople(by=request.user).values_list("id", "name")),
        Choice("channel", _("Channel"), match=_told,
               options=lambda request: channels(by=request.user).values_list("id", "name")),
    )  # fmt: skip
    totals = tuple(
        Total(name, label, currency="currency")
        for name, label in (("revenue", _("Revenue")), ("cost", _("Cost of sales")), ("margin", _("Margin")))
    )
    empty = Empty(
        _("Nothing was sold in this period"),
        _("Issued invoices and credit notes make the revenue, goods that left and came back its cost: both as the books"
          " hold them. Choose another period."),
        icon="percent",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        return margins(by=self.request.user, group=group_of(self.request), wanted=wanted_of(self.request))

    def prepare(self, rows: list[Any]) -> list[Any]:
        group = group_of(self.request)
        for row in rows:
            if not row.key and group != "month":
                row.name = str(_NONE[group])
        return rows

    def subtitle(self) -> str:
        wanted = wanted_of(self.request)
        return gettext("By %(group)s, %(since)s – %(until)s, in %(currency)s") % {
            "group": str(GROUPS[group_of(self.request)]).lower(), "since": formatting.day(wanted.since),
            "until": formatting.day(wanted.until), "currency": access_of(self.request.user).current_company.currency,
        }  # fmt: skip

    def url(self, row: Any) -> str:
        """The same, narrowed to the row and parted by what it is made of."""
        group, wanted = group_of(self.request), wanted_of(self.request)
        kept = {name: str(value) for name in _KEYS if (value := asdict(wanted)[f"{name}_id"])}
        since, until = wanted.since.isoformat(), wanted.until.isoformat()
        if group == "month":
            first = date.fromisoformat(f"{row.id}-01")
            since = max(since, first.isoformat())
            until = min(until, _last(first).isoformat())
        elif row.key:
            kept[group] = str(row.key)
        else:
            return ""
        other = _NEXT[group] if _NEXT[group] not in kept else "month"
        address = urlencode({"by": other, **kept, "date_from": since, "date_to": until})
        return f"{reverse('analytics:margins')}?{address}"


def _last(first: date) -> date:
    return (first.replace(day=28) + 4 * date.resolution).replace(day=1) - date.resolution

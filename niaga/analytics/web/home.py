"""The start page."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from niaga.analytics.queries.start_page import StartPage, start_page
from niaga.analytics.rules.periods import month_start
from niaga.core.clock import now, today
from niaga.organization.access import Access, access_of
from niaga.ui.charts import Chart, Series
from niaga.ui.documents import Action
from niaga.ui.formatting import money, money_short


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Today and this month, and what waits for this person; each figure opens its list."""
    access = access_of(request.user)
    if not access.companies:
        return render(request, "analytics/nowhere.html")
    company, branch = access.current_company, access.default_branch
    moment = now()
    day = today(at=moment, zone=branch.zone)
    page = start_page(by=request.user, today=day)
    since = {"date_from": month_start(day).isoformat(), "date_to": day.isoformat()}
    return render(
        request,
        "analytics/home.html",
        {
            "page": page,
            "currency": company.currency,
            "today": day,
            "greeting": _greeting(timezone.localtime(moment, timezone.get_current_timezone()).hour),
            "person": str(request.user).split()[0],
            "chart": _chart(page, company.currency),
            "places": {
                "orders": _list("sales:orders", **since),
                "invoices": _list("invoicing:invoices", **since),
                "payments": _list("payments:payments", **since),
                "awaiting": _list("sales:quotations", status="sent", sort="valid_until"),
                "to_ship": _list("sales:orders", to_ship="1", sort="planned_date"),
                "overdue": _list("invoicing:invoices", state="overdue"),
                "to_leave": _list("stock:deliveries", open="1", sort="planned"),
                "expected": _list("stock:expected", status="open"),
            },
            "action": _first_deed(access),
        },
    )


def _first_deed(access: Access) -> Action | None:
    """What this person most likely came to do."""
    for kind, action, label, name, icon in (
        ("quotation", "create", _("New quotation"), "sales:new_quotation", "plus"),
        ("order", "create", _("New order"), "sales:new_order", "plus"),
        ("payment", "record", _("Record payment"), "payments:new", "banknote"),
        ("stock", "record", _("Receive goods"), "stock:new_receipt", "package-plus"),
        ("delivery", "drive", _("My deliveries"), "shipping:driving", "route"),
    ):
        if access.allows(kind, action):
            return Action(label, url=reverse(name), icon=icon, method="get", kind="go", key="n")
    return None


def _list(name: str, **query: str) -> str:
    try:
        return f"{reverse(name)}?{urlencode(query)}"
    except NoReverseMatch:
        return ""


def _greeting(hour: int) -> str:
    if 4 <= hour < 11:
        return _("Good morning")
    if 11 <= hour < 15:
        return _("Good day")
    return _("Good afternoon") if 15 <= hour < 19 else _("Good evening")


def _chart(page: StartPage, currency: str) -> dict[str, Any] | None:
    if not page.days:
        return None
    return Chart(
        label=_("Sales on each day of this month"),
        axis=_("Day"),
        categories=[date_format(day, "j M") for day, _amount in page.days],
        series=[Series(_("Sales"), [amount for _day, amount in page.days], tone="accent")],
        write=lambda value: money(value, currency),
        write_short=lambda value: money_short(value, currency),
    ).spec()

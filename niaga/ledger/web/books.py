"""The books: trial balance, the lines of an account, and the months that are closed."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.core.rules.calendar import add_months
from niaga.ledger.queries.journal import accounts, months_with_entries, periods, trial_balance, visible_lines
from niaga.ledger.services.close_period import close_period
from niaga.ledger.services.reopen_period import reopen_period
from niaga.ledger.web.tabs import tabs_of
from niaga.organization.access import access_of
from niaga.ui.forms import once
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Reference, Search, Text


def read_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@login_required
@require_GET
def show_trial_balance(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("ledger", "view")
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    upto = read_day(request.GET.get("upto", "")) or today
    since = read_day(request.GET.get("since", "")) or date(upto.year, 1, 1)
    rows = trial_balance(by=request.user, upto=upto, since=since)
    context = {
        "rows": rows, "since": since, "upto": upto, "currency": access.current_company.currency,
        "debit": sum((row["debit"] for row in rows), Decimal(0)),
        "credit": sum((row["credit"] for row in rows), Decimal(0)),
        "balance": sum((row["balance"] for row in rows), Decimal(0)), "tabs": tabs_of(request, "trial_balance"),
    }  # fmt: skip
    return render(request, "ledger/trial_balance.html", context)


PLACES = {
    "invoice": "/invoices/{}", "payment": "/payments/{}", "delivery": "/deliveries/{}",
    "receipt": "/stock/receipts/{}", "adjustment": "/stock/adjustments/{}", "count": "/stock/counts/{}",
    "bank_line": "/bank/lines/{}",
}  # fmt: skip


class JournalList(Listing):
    key, title, sort, template = "journal", _("Journal"), "-date", "ledger/journal.html"
    columns = (
        Reference("number", _("Document"), source="entry__number", sort="entry__number", phone="title"),
        Day("date", _("Date"), source="entry__date", sort=("entry__date", "entry_id"), phone="meta"),
        Text("account", _("Account"), source=lambda row: str(row.account), sort="account__code", phone="meta"),
        Money("debit", _("Debit"), source=lambda row: row.amount if row.amount > 0 else None,
              currency="entry__currency", phone="value"),
        Money("credit", _("Credit"), source=lambda row: -row.amount if row.amount < 0 else None,
              currency="entry__currency"),
    )  # fmt: skip
    filters = (
        Search("q", _("Document"), match=lambda rows, text: rows.filter(entry__number__istartswith=text)),
        Choice("account", _("Account"), options=lambda request: accounts(by=request.user)),
        Days("date", _("Date"), lookup="entry__date"),
    )
    empty = Empty(_("Nothing is posted yet"), _("Invoices and payments write their entries here by themselves."))

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("ledger", "view")
        return visible_lines(by=self.request.user)

    def url(self, row: Any) -> str:
        place = PLACES.get(row.entry.source_kind, "")
        return place.format(row.entry.source_id) if place else ""

    def context(self) -> dict[str, Any]:
        return {"tabs": tabs_of(self.request, "journal")}


@login_required
@require_GET
def show_periods(request: HttpRequest) -> HttpResponse:
    """The months with entries and the present one, each open or closed."""
    access = access_of(request.user)
    access.require("period", "view")
    closed = {period.starts: period for period in periods(by=request.user)}
    counts = {row["month"]: row["entries"] for row in months_with_entries(by=request.user)}
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    months = sorted({*counts, *closed, today.replace(day=1), add_months(today.replace(day=1), -1)}, reverse=True)
    context = {
        "months": [
            {
                "first": month, "entries": counts.get(month, 0),
                "closed_at": closed[month].closed_at if month in closed else None,
            }
            for month in months[:60]
        ],
        "may_close": access.allows("period", "close"), "tabs": tabs_of(request, "periods"),
    }  # fmt: skip
    return render(request, "ledger/periods.html", context)


@login_required
@require_POST
def change_period(request: HttpRequest) -> HttpResponse:
    """Close a month, or open it again."""
    month = read_day(request.POST.get("month", ""))
    if month is None:
        raise Invalid(gettext("This is no month."), field="month")
    company_id = access_of(request.user).current_company.id
    closing = request.POST.get("deed") == "close"

    def deed() -> str:
        change = close_period if closing else reopen_period
        change(company_id=company_id, month=month, by=request.user, at=clock.now())
        messages.success(request, gettext("The month is closed.") if closing else gettext("The month is open again."))
        return reverse("ledger:periods")

    return once(request, deed)

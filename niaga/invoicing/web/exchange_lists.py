"""Rounds of tukar faktur, and the invoices that no customer has taken in yet."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.queries.exchanges import exchange_rounds, to_exchange
from niaga.invoicing.web.exchange_words import NOT_EXCHANGED, OUTCOMES, ROUNDS, age_in_days
from niaga.invoicing.web.invoice_list import today_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import salespeople
from niaga.ui.documents import Action
from niaga.ui.lists import (
    Choice,
    Day,
    Days,
    Empty,
    Listing,
    Money,
    Number,
    Reference,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def exchange_tabs(here: str) -> list[dict[str, Any]]:
    tabs = (("to_exchange", _("Not exchanged yet")), ("exchange_rounds", _("Rounds")))
    return [{"label": label, "url": reverse(f"invoicing:{name}"), "current": name == here} for name, label in tabs]


def _stands(row: Any) -> Status:
    """Planned, or what came of it the last time."""
    if row.round_id is None and row.last_outcome in ("refused", "missed", "withdrawn"):
        return OUTCOMES[row.last_outcome]
    return ROUNDS["planned"] if row.round_id else NOT_EXCHANGED


def _plan(request: HttpRequest) -> list[Action]:
    if not access_of(request.user).allows("invoice", "send"):
        return []
    return [Action(_("Plan a round"), url=reverse("invoicing:new_exchange_round"), icon="plus", method="get",
                   kind="go", key="n")]  # fmt: skip


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name or one.username) for one in salespeople(by=request.user)]


class ExchangeRoundList(Listing):
    key, title, sort, template = "exchange_rounds", _("Tukar faktur"), "-date", "invoicing/exchange_list.html"
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Day("date", _("Day"), sort="date", phone="meta"),
        Text("collector", _("Collector"), sort="collector", phone="meta"),
        StatusColumn("status", _("Status"), statuses=ROUNDS, phone="status"),
        Number("size", _("Invoices"), sort="size"),
        Number("taken", _("Exchanged"), sort="taken"),
        Number("waits", _("Waiting"), sort="waits", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number"), match=lambda rows, text: rows.filter(number__icontains=text)),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in ROUNDS.items()]),
        Days("date", _("Day")),
        Choice("collector", _("Collector"), options=_people,
               match=lambda rows, value: rows.filter(collector_id=value)),
    )  # fmt: skip
    views = (View(_("Planned"), "status=planned"),)
    empty = Empty(
        _("No rounds yet"),
        _("A round brings invoices to customers on their days and brings receipts back. Plan one for a day and a"
          " collector: what is due for exchange on that day is proposed."),
        icon="repeat-2",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        return exchange_rounds(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("invoicing:exchange_round", row.pk)

    def actions(self) -> list[Action]:
        return _plan(self.request)

    def context(self) -> dict[str, Any]:
        return {"tabs": exchange_tabs("exchange_rounds")}


class ToExchangeList(Listing):
    key, title, sort, template = "to_exchange", _("Tukar faktur"), "date", "invoicing/exchange_list.html"
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sub="customer__code", sort="customer__name",
             phone="meta"),
        StatusColumn("state", _("Status"), phone="status",
                     source=lambda row: _stands(row)),
        Text("round_number", _("On round"), phone="meta", source=lambda row: row.round_number or ""),
        Text("reason", _("Reason"), source=lambda row: row.last_reason or ""),
        Day("date", _("Date"), sort="date"),
        Number("days", _("Days old")),
        Money("open", _("Open"), sort="open", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number or customer"), match=lambda rows, text: rows.filter(
            Q(number__icontains=text) | Q(customer__name__icontains=text))),
        Choice("round", _("On a round"), options=[("no", _("On none")), ("yes", _("Planned"))],
               match=lambda rows, value: rows.filter(round_id__isnull=value == "no")),
        Days("date", _("Date")),
    )  # fmt: skip
    views = (View(_("On no round"), "round=no"),)
    totals = (Total("open", _("Open"), currency="currency"),)
    empty = Empty(
        _("Nothing waits for its exchange"),
        _("Invoices of customers who take them in on days of their own stand here until they have. Say so at the"
          " customer, under Account."),
        icon="circle-check",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        return to_exchange(by=self.request.user)

    def prepare(self, rows: list[Any]) -> list[Any]:
        today = today_of(self.request)
        for row in rows:
            row.days = age_in_days(row.date, today)
        return rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.pk)

    def actions(self) -> list[Action]:
        return _plan(self.request)

    def context(self) -> dict[str, Any]:
        return {"tabs": exchange_tabs("to_exchange")}

"""Who owes how much for how long, on any day; and the open parts behind it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.queries.account_sources import Narrowed, account_sources
from niaga.invoicing.queries.collection import stops_on
from niaga.invoicing.queries.open_items import ageing, is_whole, open_items
from niaga.invoicing.queries.settlements import sources
from niaga.invoicing.web.exchange_words import NOT_EXCHANGED
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.reminder_words import stop_status
from niaga.invoicing.web.words import AGES, KINDS, age_status
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches
from niaga.organization.queries.users import salespeople
from niaga.parties.queries.customer_lists import groups_for
from niaga.parties.queries.customers import customer_for
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.escaping import escaped
from niaga.ui.lists import Choice, Day, Empty, Listing, Money, OneDay, Reference, Search, StatusColumn, Text, Total

AS_OF = OneDay("as_of", _("As of"), latest=today_of)


def _narrowed(request: HttpRequest, **more: UUID) -> Narrowed:
    return Narrowed(branch_id=_id(request, "branch"), salesperson_id=_id(request, "salesperson"), **more)


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(customer__name__icontains=text) | Q(customer__code__istartswith=text))


def _told(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """`rows()` has narrowed them, where the sums are made."""
    return rows


_PLACES = (
    Choice("branch", _("Branch"), options=lambda request: branches(by=request.user).values_list("id", "name"),
           match=_told),
    Choice("salesperson", _("Salesperson"), match=_told,
           options=lambda request: salespeople(by=request.user).values_list("id", "name")),
)  # fmt: skip


class _Figure(Money):
    """Without the currency, which the list's head says; nothing where there is nothing."""

    def format(self, row: Any) -> SafeString:
        value = self.value(row)
        return escaped(formatting.amount(value, self.currency_of(row))) if value else SafeString("")


class AgeingList(Listing):
    key, title, sort, template = "ageing", _("Receivables by age"), "-receivable", "invoicing/ageing.html"
    live = "invoice"
    columns = (
        Text("customer", _("Customer"), source="customer__name", sub="customer__code", sort="customer__name",
             phone="title"),
        _Figure("not_due", AGES["not_due"], sort="not_due"),
        _Figure("late_30", AGES["late_30"], sort="late_30"),
        _Figure("late_60", AGES["late_60"], sort="late_60"),
        _Figure("late_90", AGES["late_90"], sort="late_90"),
        _Figure("late_more", AGES["late_more"], sort="late_more"),
        _Figure("credit", _("Credit"), sort="credit"),
        Money("receivable", _("Receivable"), sort="receivable", phone="value"),
        _Figure("advance", _("Advance"), sort="advance"),
        Day("oldest_due", _("Since"), sort="oldest_due", phone="meta"),
    )  # fmt: skip
    filters = (
        Search("q", _("Customer"), match=_matching),
        AS_OF,
        *_PLACES,
        Choice("group", _("Group"), options=lambda request: groups_for(request.user).values_list("id", "name"),
               lookup="customer__group"),
    )  # fmt: skip
    totals = tuple(
        Total(name, label, currency="currency")
        for name, label in (*AGES.items(), ("credit", _("Credit")), ("receivable", _("Receivable")),
                            ("advance", _("Advance")))
    )  # fmt: skip
    empty = Empty(
        _("Nobody owes anything"),
        _("Issued invoices stand here until they are paid, by how long each part is overdue on the day you choose."),
        icon="hourglass",
    )

    def actions(self) -> list[Action]:
        return [Action(_("Late fees"), url=reverse("invoicing:late_fees"), icon="alarm-clock", method="get")]

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        rows = ageing(by=self.request.user, day=self.day, narrowed=_narrowed(self.request))
        return rows.select_related("customer")

    @property
    def day(self) -> date:
        return AS_OF.of(self.request)

    def subtitle(self) -> str:
        currency = access_of(self.request.user).current_company.currency
        return gettext("In %(currency)s at the end of %(day)s") % {
            "currency": currency, "day": formatting.day(self.day)
        }  # fmt: skip

    def url(self, row: Any) -> str:
        address = reverse("invoicing:open_items", args=[row.pk])
        kept = {
            name: self.request.GET[name] for name in ("as_of", "branch", "salesperson") if self.request.GET.get(name)
        }
        return f"{address}?{'&'.join(f'{name}={value}' for name, value in kept.items())}" if kept else address


class OpenItemList(Listing):
    key, title, sort, template = "open_items", _("Open items"), "due", "invoicing/ageing.html"
    live = "invoice"
    above = (_("Receivables by age"), "/ageing")
    columns = (
        Reference("number", _("Number"), sub=lambda row: _kind(row), sort="number", phone="title"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Day("due", _("Due"), source="due_date", sort="due_date", phone="meta"),
        StatusColumn("age", _("Age"), sort="days_late", phone="status", source=lambda row: NOT_EXCHANGED
                     if row.due_date is None and row.open > 0 else age_status(row.days_late)),
        StatusColumn("stop", _("Reminders"), source=lambda row: row.stop),
        Money("amount", _("Amount"), sort="amount"),
        Money("open", _("Open"), sort="open", phone="value"),
        Money("base_open", _("In the books"), sort="base_open", currency="home"),
    )  # fmt: skip
    filters = (Search("q", _("Number"), match=lambda rows, text: rows.filter(number__icontains=text)), AS_OF, *_PLACES)
    totals = (Total("open", _("Open"), currency="currency"),)
    empty = Empty(_("Nothing is open"), _("On this day the customer owed nothing and had nothing to their credit."),
                  icon="circle-check")  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        self.customer = customer_for(self.request.user, self.kwargs["customer_id"])
        narrowed = _narrowed(self.request, customer_id=self.customer.pk)
        return open_items(by=self.request.user, day=AS_OF.of(self.request), narrowed=narrowed)

    def prepare(self, rows: list[Any]) -> list[Any]:
        stops = stops_on([row.document_id for row in rows], today=today_of(self.request))
        for row in rows:
            row.stop = stop_status(*stops[row.document_id]) if row.document_id in stops else None
        return rows

    def subtitle(self) -> str:
        day = formatting.day(AS_OF.of(self.request))
        return gettext("%(customer)s at the end of %(day)s") % {"customer": self.customer.name, "day": day}

    def url(self, row: Any) -> str:
        source = sources.get(row.kind) if account_sources.get(row.kind) else None
        return source.page.format(row.document_id) if source else f"/invoices/{row.document_id}"

    def actions(self) -> list[Action]:
        if not is_whole(customer_id=self.kwargs["customer_id"], by=self.request.user):
            return []  # a part of an account is no statement
        url = reverse("invoicing:statement", args=[self.kwargs["customer_id"]])
        return [Action(_("Statement of account"), url=url, icon="scroll-text", method="get", kind="go", key="s")]


def _kind(row: Any) -> Any:
    if row.kind == "credit":
        return _("Paid before it was issued")
    source = sources.get(row.kind)
    return source.label if source is not None else "" if row.kind == "invoice" else KINDS[row.kind]

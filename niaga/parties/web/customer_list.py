"""The list of customers, and the type-ahead that other pages ask."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.queries.branches import territories
from niaga.organization.queries.users import salespeople
from niaga.parties.models import Address, Customer
from niaga.parties.queries.customer_lists import groups_for, tags_for
from niaga.parties.queries.customers import customers_for
from niaga.parties.queries.find_customers import NAME, find_customers, matching
from niaga.parties.rules.phones import format_phone
from niaga.parties.services.archive_customers import archive_customers
from niaga.ui.documents import Action
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Done,
    Empty,
    Flag,
    Listing,
    Money,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def may(request: HttpRequest, action: str, kind: str = "customer") -> bool:
    return access_of(request.user).allows(kind, action)


def _state(customer: Customer) -> Status | None:
    account = customer.credit_account
    if customer.archived_at is not None:
        return Status(_("Archived"), "faint", "archive")
    if account.on_hold:
        return Status(_("On hold"), "bad", "ban")
    if account.limit is not None and account.orders + account.invoices - account.advances > account.limit:
        return Status(_("Above limit"), "warn", "triangle-alert")
    return None


def _archive(request: HttpRequest, ids: list[UUID]) -> Done:
    done = archive_customers(customer_ids=ids, by=request.user, at=clock.now())
    return Done(gettext("%(count)d customers archived.") % {"count": done})


class CustomerList(Listing):
    key, title, sort = "customers", _("Customers"), "name"
    columns = (
        Text("name", _("Name"), sub="code", sort="name_key", phone="title"),
        Text("city", _("City"), phone="meta"),
        Text("phone", _("Phone"), source=lambda row: format_phone(row.phone) if row.phone else ""),
        Text("group", _("Group"), source="group__name", sort="group__name"),
        Text("salesperson", _("Salesperson"), source="salesperson__name", sort="salesperson__name"),
        StatusColumn("state", _("Status"), source=_state, phone="status"),
        Money(
            "owing", _("Owes"), sort="owing", currency="credit_account__currency", phone="value",
        ),
    )  # fmt: skip
    filters = (
        Search("q", _("Name, code, phone or NPWP"), match=matching),
        Choice("group", _("Group"), options=lambda request: groups_for(request.user).values_list("id", "name")),
        Choice(
            "salesperson",
            _("Salesperson"),
            options=lambda request: salespeople(by=request.user).values_list("id", "name"),
        ),
        Choice(
            "territory", _("Territory"), options=lambda request: territories(by=request.user).values_list("id", "name")
        ),
        Choice(
            "tag",
            _("Tag"),
            options=lambda request: tags_for(request.user).values_list("id", "name"),
            lookup="customertag__tag",
        ),
        Flag("owing", _("Owing"), match=lambda rows: rows.filter(owing__gt=0)),
        Flag("archived", _("Archived"), match=lambda rows: rows),
    )
    views = (View(_("Owing"), "owing=1&sort=-owing"), View(_("Archived"), "archived=1"))
    totals = (Total("owing", _("Owed in all"), currency="credit_account__currency"),)
    bulk = (
        BulkAction(
            "archive", _("Archive"), act=_archive, icon="archive", allowed=lambda request: may(request, "archive")
        ),
    )
    empty = Empty(
        _("No customers yet"),
        _(
            "A customer is a company or person who buys from you. The name is enough to begin; terms, addresses and "
            "a credit limit can follow. A list from your old system can be imported."
        ),
        icon="building-2",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("customer", "view")
        rows = customers_for(self.request.user).filter(archived_at__isnull=self.request.GET.get("archived") != "1")
        owing = F("credit_account__orders") + F("credit_account__invoices") - F("credit_account__advances")
        places = Address.objects.filter(customer_id=OuterRef("pk"), archived_at=None).exclude(city="").order_by("id")
        city = Subquery(places.values("city")[:1])
        return rows.annotate(name_key=NAME, owing=owing, city=city).select_related(
            "group", "salesperson", "credit_account"
        )

    def url(self, row: Any) -> str:
        return row_address("parties:customer", row.pk)

    def actions(self) -> list[Action]:
        if not may(self.request, "create"):
            return []
        return [Action(_("New customer"), url=reverse("parties:new"), icon="plus", method="get", kind="go", key="n")]


@login_required
def lookup(request: HttpRequest) -> HttpResponse:
    """`GET ?q=` for a lookup field: customers as one types."""
    found = find_customers(request.GET.get("q", "")[:100], request.user, 12)
    return JsonResponse(
        [
            {"id": str(one.id), "label": one.name, "detail": one.code, "meta": one.group or format_phone(one.phone)}
            for one in found
        ],
        safe=False,
    )

"""The list of price lists."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, channels, territories
from niaga.parties.queries.customer_lists import groups_for
from niaga.pricing.models import PriceList
from niaga.pricing.queries.loyalty import tiers_for
from niaga.pricing.queries.price_lists import price_list_rows
from niaga.pricing.queries.terms_in_words import days, hours, whom
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Empty, Flag, Listing, Number, Search, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address


def may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("price_list", action)


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))


def validity(found: Any) -> str:
    """From when to when, in words."""
    return days(found.valid_from, found.valid_to) or str(_("always"))


def state(found: Any) -> Status:
    """Whether the list holds today, at the company's head office."""
    today = clock.now().date()
    if found.unpublished:
        return Status(_("In preparation"), "faint", "pencil")
    if found.archived_at is not None:
        return Status(_("Archived"), "faint", "archive")
    if found.valid_to is not None and found.valid_to < today:
        return Status(_("Ended"), "faint", "clock")
    if found.valid_from is not None and found.valid_from > today:
        return Status(_("Begins later"), "calm", "clock")
    return Status(_("In force"), "good", "check")


def _when(found: PriceList) -> str:
    return " · ".join(part for part in (validity(found), hours(found)) if part)


class PriceLists(Listing):
    key, title, sort = "price_lists", _("Prices"), "name"
    columns = (
        Text("name", _("Price list"), sub="code", sort="name", phone="title"),
        Text("whom", _("For"), source=lambda row: whom(row) or str(_("Everybody")), phone="meta"),
        Text("validity", _("Valid"), source=_when, sort="valid_from", phone="meta"),
        Text("currency", _("Currency"), sort="currency"),
        Number("priority", _("Priority"), sort="priority"),
        Number("products", _("Products"), sort="products", phone="value"),
        Number("prices", _("Prices"), sort="prices"),
        StatusColumn("state", _("Status"), source=state, phone="status"),
    )  # fmt: skip
    filters = (
        Search("q", _("Name or code"), match=matching),
        Choice("tier", _("Membership tier"), options=lambda request: tiers_for(request.user).values_list("id", "name")),
        Choice("group", _("Group"), options=lambda request: groups_for(request.user).values_list("id", "name")),
        Choice(
            "territory",
            _("Territory"),
            options=lambda request: territories(by=request.user).values_list("id", "name"),
        ),
        Choice("branch", _("Branch"), options=lambda request: branches(by=request.user).values_list("id", "name")),
        Choice("channel", _("Channel"), options=lambda request: channels(by=request.user).values_list("id", "name")),
        Flag("archived", _("Archived"), match=lambda rows: rows),
    )
    empty = Empty(
        _("No price lists yet"),
        _(
            "A product has its own price. A price list holds others: for a customer, a membership tier, a group, a "
            "territory, a branch or a channel, from a quantity on, or between two days. The best fitting one is taken, "
            "and every line of a document can say why."
        ),
        icon="tag",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("price_list", "view")
        return price_list_rows(self.request.user).filter(
            Q(archived_at__isnull=self.request.GET.get("archived") != "1") | Q(unpublished=True)
        )

    def url(self, row: Any) -> str:
        return row_address("pricing:price_list", row.pk)

    def actions(self) -> list[Action]:
        actions = []
        if may(self.request, "change"):
            changes = reverse("pricing:price_changes")
            actions.append(Action(_("Price changes"), url=changes, icon="calendar-clock", method="get"))
        if not may(self.request, "create"):
            return actions
        url = reverse("pricing:new")
        return [*actions, Action(_("New price list"), url=url, icon="plus", method="get", kind="go", key="n")]

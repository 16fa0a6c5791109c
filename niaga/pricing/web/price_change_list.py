"""All changes of price lists and promotions that are prepared, wait for their moment, or were blocked."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.pricing.queries.price_changes import price_changes_for
from niaga.pricing.web.price_change_words import STATUSES
from niaga.ui.formatting import moment
from niaga.ui.lists import Choice, Empty, Listing, Search, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address


class PriceChanges(Listing):
    key, title, sort = "price_changes", _("Price changes"), "-id"
    columns = (
        Text("name", _("Price change"), sort="name", phone="title"),
        Text("subject_name", _("Price list or promotion"), sort="subject_name", phone="meta"),
        Text("publish_at", _("Moment"), source=lambda row: moment(row.publish_at), sort="publish_at", phone="meta"),
        StatusColumn("status", _("Status"), statuses=STATUSES, phone="status"),
    )
    filters = (
        Search(
            "q",
            _("Name of the change"),
            match=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(subject_name__icontains=text)),
        ),
        Choice(
            "of",
            _("Kind"),
            options=[("price_list", _("Price lists")), ("promotion", _("Promotions"))],
            match=lambda rows, value: rows.filter(subject_kind=value),
        ),
        Choice("status", _("Status"), options=[(key, one.label) for key, one in STATUSES.items()]),
    )
    views = (View(_("Blocked"), "status=blocked"), View(_("Scheduled"), "status=scheduled"))
    empty = Empty(
        _("No change is prepared"),
        _(
            "Prepare a change on a price list or a promotion: set it aside, see what it would do to products, "
            "customers and open offers, then publish it now or at a moment."
        ),
        icon="calendar-clock",
    )
    above = (_("Prices"), "/price-lists")

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        access_of(request.user).require("price_list", "change")

    def rows(self) -> QuerySet[Any]:
        return price_changes_for(self.request.user)

    def url(self, row: Any) -> str:
        return row_address("pricing:price_change", row.pk)

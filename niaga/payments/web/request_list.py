"""Every request to pay through a gateway, and what became of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.payments.queries.payment_requests import listed_requests, matching_requests
from niaga.payments.web.request_words import REQUESTS, WAYS
from niaga.ui.lists import (
    Choice,
    Days,
    Empty,
    Listing,
    Moment,
    Money,
    Search,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


class RequestList(Listing):
    key, title, sort = "payment_requests", _("Payment requests"), "-created_at"
    above = (_("Payments"), "/payments")
    columns = (
        Text("invoice", _("Invoice"), source="invoice__number", sort="invoice__number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="meta"),
        StatusColumn("method", _("Way"), statuses=WAYS, sort="method"),
        Text("account", _("Gateway"), source="account__name", phone="meta"),
        StatusColumn("status", _("Status"), statuses=REQUESTS, sort="status", phone="status"),
        Money("amount", _("Amount"), sort="amount", phone="value"),
        Moment("created_at", _("Asked for"), sort="created_at"),
        Text("error", _("What the gateway said")),
    )
    filters = (
        Search("q", _("Invoice, customer or virtual account"), match=matching_requests),
        Choice("status", _("Status"), options=[(code, status.label) for code, status in REQUESTS.items()]),
        Choice("method", _("Way"), options=[(code, way.label) for code, way in WAYS.items()]),
        Days("created_at", _("Asked for")),
    )
    views = (View(_("Uncertain"), "status=uncertain"), View(_("Failed"), "status=failed"))
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("Nobody was asked to pay online yet"),
        _("Make a payment link, a virtual account or a QRIS code from an issued invoice. What the gateway tells of it"
          " stands here."),
        icon="link",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("payment", "view")
        return listed_requests(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("payments:payment_request", row.pk)

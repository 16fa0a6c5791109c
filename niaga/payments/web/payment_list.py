"""The list of payments."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.documents.web.stamps import STAMP_FILTER
from niaga.organization.access import access_of
from niaga.payments.queries.payments import listed_payments
from niaga.payments.web.words import METHODS, payment_state
from niaga.ui.documents import Action
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
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(reference__icontains=text))


class PaymentList(Listing):
    key, title, sort = "payments", _("Payments"), "-number"
    live = "payment"
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="meta"),
        Day("date", _("Date"), sort="date", phone="meta"),
        StatusColumn("method", _("Method"), statuses=METHODS, sort="method"),
        Text("reference", _("Reference")),
        StatusColumn("status", _("Status"), source=payment_state, phone="status"),
        Money("amount", _("Amount"), sort="amount", phone="value"),
        Money("advance", _("Advance left"), sort="advance"),
    )
    filters = (
        Search("q", _("Number, customer or reference"), match=_matching),
        Choice("method", _("Method"), options=[(key, way.label) for key, way in METHODS.items()]),
        Choice("status", _("Status"), options=[("recorded", _("Received")), ("reversed", _("Reversed"))]),
        Days("date", _("Date")),
        Flag("left", _("Advance left"),
             match=lambda rows: rows.filter(status="recorded", allocated__lt=F("amount"))),
        STAMP_FILTER,
        Flag("giro", _("Giro not cleared"),
             match=lambda rows: rows.filter(status="recorded", method="giro", clearing=None)),
        Flag("bounced", _("Returned giro"), match=lambda rows: rows.filter(reversal__bounced=True)),
    )  # fmt: skip
    views = (
        View(_("Advances"), "left=1"), View(_("Giro not cleared"), "giro=1"),
        View(_("Returned giros"), "bounced=1"),
        View(_("e-meterai to affix"), "stamp=due"),
    )  # fmt: skip
    totals = (Total("amount", _("Amount"), currency="currency"), Total("advance", _("Advances"), currency="currency"))
    empty = Empty(
        _("No payments yet"),
        _("Money that came in is recorded here: it settles invoices, and what is left over waits as an advance."),
        icon="banknote",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("payment", "view")
        return listed_payments(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("payments:payment", row.pk)

    def actions(self) -> list[Action]:
        others = [
            Action(_("Payment requests"), url=reverse("payments:payment_requests"), icon="link", method="get"),
            Action(_("Payouts"), url=reverse("payments:payouts"), icon="landmark", method="get"),
            Action(_("Refunds"), url=reverse("payments:refunds"), icon="undo-2", method="get"),
        ]
        if not access_of(self.request.user).allows("payment", "record"):
            return others
        return [
            *others,
            Action(_("Record payment"), url=reverse("payments:new"), icon="plus", method="get", kind="go", key="n"),
        ]

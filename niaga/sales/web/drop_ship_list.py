"""What suppliers send straight to customers: what waits for whom."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.sales.queries.drop_ships import listed_drop_ships
from niaga.sales.rules.drop_ship import OPEN
from niaga.sales.web.order_list import today_of
from niaga.sales.web.words import DROP_SHIP
from niaga.stock.queries.suppliers import visible_suppliers
from niaga.ui.lists import Choice, Day, Days, Empty, Flag, Listing, Reference, Search, Status, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address
from niaga.ui.lists.listing import Rows

LATE = Status(_("Late"), "bad", "clock")


def _matching(rows: Rows, text: str) -> Rows:
    return rows.filter(
        Q(number__icontains=text) | Q(order__number__icontains=text) | Q(customer__name__icontains=text)
        | Q(supplier__name__icontains=text) | Q(supplier_reference__icontains=text)
    )  # fmt: skip


def _suppliers(request: HttpRequest) -> Any:
    return visible_suppliers(by=request.user, archived=True).order_by("name").values_list("id", "name")


class DropShipList(Listing):
    key, title, sort, live = "drop_ships", _("Drop-ships"), "promised", "drop_ship"
    columns = (
        Reference("number", _("Number"), sort="number", phone="meta"),
        Text("supplier", _("Supplier"), source="supplier__name", sub="supplier_reference", sort="supplier__name",
             phone="title"),
        Text("customer", _("Customer"), source="customer__name", sub="order__number", sort="customer__name",
             phone="meta"),
        StatusColumn("status", _("Status"), statuses=DROP_SHIP, sort="status", phone="status"),
        Day("promised", _("Sends on"), source="promised_date", sort="promised_date", phone="value"),
        StatusColumn("late", _("Late"), source=lambda row: "late" if row.is_late else "", statuses={"late": LATE}),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, order, customer or supplier"), match=_matching),
        Choice("status", _("Status"), options=[(key, one.label) for key, one in DROP_SHIP.items()]),
        Choice("supplier", _("Supplier"), options=_suppliers, lookup="supplier_id"),
        Days("promised", _("Sends on"), lookup="promised_date"),
        Flag("open", _("Still to come"), match=lambda rows: rows.filter(status__in=OPEN)),
        Flag("late", _("Late"), match=lambda rows: rows.filter(is_late=True)),
    )
    views = (
        View(_("Still to come"), "open=1"),
        View(_("To ask"), "status=asked"),
        View(_("Waits for the supplier"), "status=sent"),
        View(_("Late"), "late=1"),
    )
    empty = Empty(
        _("No drop-ships yet"),
        _(
            "A drop-ship goes straight from a supplier to your customer; your stock is not touched. Say on a product's"
            " page that it comes from a supplier, or choose it on an order."
        ),
        icon="forward",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("delivery", "view")
        return listed_drop_ships(by=self.request.user, today=today_of(self.request))

    def url(self, row: Any) -> str:
        return row_address("sales:drop_ship", row.pk)

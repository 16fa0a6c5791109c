"""The lists of what changed stock: receipts, expected goods, adjustments and counts, transfers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.stock.queries.counts import visible_adjustments
from niaga.stock.queries.expected import visible_expected
from niaga.stock.queries.receipts import visible_receipts
from niaga.stock.queries.transfers import visible_transfers
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.web.tabs import may, stock_tabs
from niaga.stock.web.words import COUNT, EXPECTED, TRANSFER
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Number, Reference, Search, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address


def _warehouses(request: HttpRequest) -> Any:
    return visible_warehouses(by=request.user).values_list("id", "name")


class _StockPapers(Listing):
    """What these lists share: tabs, their template, and a button for a new one."""

    template = "stock/list.html"
    tab = ""
    new: tuple[tuple[str, Any, str], ...] = ()

    def context(self) -> dict[str, Any]:
        return {"tabs": stock_tabs(self.tab)}

    def actions(self) -> list[Action]:
        if not may(self.request, "create"):
            return []
        last = len(self.new) - 1
        return [
            Action(
                label, url=reverse(f"stock:{name}"), icon=icon, method="get", kind="go" if place == last else "",
                key="n" if place == last else "",
            )
            for place, (name, label, icon) in enumerate(self.new)
        ]  # fmt: skip


class ReceiptList(_StockPapers):
    key, title, sort, tab = "receipts", _("Receipts"), "-received", "receipts"
    new = (("new_receipt", _("Receive goods"), "package-plus"),)
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("supplier", _("Supplier"), sub="reference", sort="supplier", phone="meta"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", phone="meta"),
        Number("lines", _("Lines"), source="line_count"),
        Day("received", _("Received"), source="received_at", sort="received_at", phone="value"),
    )
    filters = (
        Search("q", _("Number, supplier or reference"),
               match=lambda rows, text: rows.filter(
                   Q(number__icontains=text) | Q(supplier__icontains=text) | Q(reference__icontains=text))),
        Choice("warehouse", _("Warehouse"), options=_warehouses),
        Days("received", _("Received"), lookup="received_at__date"),
    )  # fmt: skip
    empty = Empty(_("No receipts yet"), _("What comes in is received: it is on hand at once."), icon="package-plus")

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_receipts(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("stock:receipt", row.pk)


class ExpectedList(_StockPapers):
    key, title, sort, tab = "expected", _("Expected goods"), "expected", "expected"
    new = (("new_expected", _("Expect goods"), "clock"),)
    columns = (
        Text("supplier", _("Supplier"), sub="reference", sort="supplier", phone="title"),
        Day("expected", _("Expected"), source="expected_date", sort="expected_date", phone="value"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", phone="meta"),
        Number("lines", _("Products"), source="line_count"),
        StatusColumn("status", _("Status"), statuses=EXPECTED, sort="status", phone="status"),
    )
    filters = (
        Search("q", _("Supplier or reference"),
               match=lambda rows, text: rows.filter(Q(supplier__icontains=text) | Q(reference__icontains=text))),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in EXPECTED.items()]),
        Choice("warehouse", _("Warehouse"), options=_warehouses),
        Days("expected", _("Expected"), lookup="expected_date"),
    )  # fmt: skip
    views = (View(_("Expected"), "status=open"),)
    empty = Empty(
        _("Nothing is expected"),
        _("Note what a supplier will bring and when: sellers see it as coming, and it is received with one button."),
        icon="clock",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_expected(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("stock:one_expected", row.pk)


class AdjustmentList(_StockPapers):
    key, title, sort, tab = "adjustments", _("Adjustments and counts"), "-made", "adjustments"
    new = (
        ("new_adjustment", _("Adjust stock"), "pencil"),
        ("new_count", _("Count stock"), "clipboard-list"),
    )
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("reason", _("Reason"), phone="meta"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", phone="meta"),
        Text("lines", _("Lines"), source=lambda row: f"{row.counted_count} / {row.line_count}" if row.is_count
             else str(row.line_count)),
        StatusColumn("status", _("Status"), statuses=COUNT, sort="status", phone="status"),
        Day("made", _("Made"), source="created_at", sort="created_at", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number or reason"),
               match=lambda rows, text: rows.filter(Q(number__icontains=text) | Q(reason__icontains=text))),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in COUNT.items()]),
        Choice("kind", _("Kind"), options=[("count", _("Counts")), ("adjustment", _("Adjustments"))],
               match=lambda rows, value: rows.filter(is_count=value == "count")),
        Choice("warehouse", _("Warehouse"), options=_warehouses),
        Days("made", _("Made"), lookup="created_at__date"),
    )  # fmt: skip
    views = (View(_("Being counted"), "status=draft"),)
    empty = Empty(
        _("No adjustments yet"),
        _("Put right what is on hand: broken, lost, found; or count the shelves and post the differences."),
        icon="clipboard-list",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_adjustments(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("stock:count" if row.is_count else "stock:adjustment", row.pk)


class TransferList(_StockPapers):
    key, title, sort, tab = "transfers", _("Transfers"), "-moved", "transfers"
    new = (
        ("new_transfer", _("Transfer at once"), "arrow-left-right"),
        ("new_sending", _("Send to another warehouse"), "truck"),
    )
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("source", _("From warehouse"), source="source__name", phone="meta"),
        Text("target", _("To warehouse"), source="target__name", phone="meta"),
        StatusColumn("status", _("Status"), statuses=TRANSFER, sort="status", phone="status"),
        Day("expected", _("Expected there"), source="expected_date", sort="expected_date"),
        Number("lines", _("Lines"), source="line_count"),
        Text("note", _("Note")),
        Day("moved", _("Made"), source="moved_at", sort="moved_at", phone="value"),
    )
    filters = (
        Search("q", _("Number or note"),
               match=lambda rows, text: rows.filter(Q(number__icontains=text) | Q(note__icontains=text))),
        Choice("warehouse", _("Warehouse"), options=_warehouses,
               match=lambda rows, value: rows.filter(Q(source=value) | Q(target=value))),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in TRANSFER.items()]),
        Days("moved", _("Made"), lookup="moved_at__date"),
        Days("expected", _("Expected there"), lookup="expected_date"),
    )  # fmt: skip
    views = (View(_("On their way"), "status=shipped&sort=expected"), View(_("To send"), "status=draft"))
    empty = Empty(
        _("No transfers yet"),
        _(
            "Move free goods from one warehouse to another: at once in one building, or sent by one and received by the"
            " other."
        ),
        icon="arrow-left-right",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_transfers(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("stock:transfer", row.pk)

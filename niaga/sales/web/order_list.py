from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.sales.models import SalesOrder
from niaga.sales.queries.lists import in_payment_state, later_than_asked, matching, order_rows, with_payment_state
from niaga.sales.web.quotation_list import mine, people
from niaga.sales.web.words import DELIVERY, INVOICE, ORDER, PAYMENT
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
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address
from niaga.ui.lists.listing import Rows


def today_of(request: HttpRequest) -> date:
    """The day at the company's head office."""
    return day_at(at=now(), zone=access_of(request.user).current_company.zone)


class PaymentChoice(Choice):
    """By how the invoices of an order stand today."""

    def narrow(self, rows: Rows, value: str, request: HttpRequest) -> Rows:
        if value not in PAYMENT:
            return rows
        return in_payment_state(rows, value, today=today_of(request))


def unshipped(rows: Rows) -> Rows:
    """Promises that are not delivered whole."""
    return rows.filter(status="confirmed").exclude(delivery_progress="done")


def promised(name: str) -> Callable[[SalesOrder], str]:
    """An axis that only a promise has: nothing is to be delivered or billed of a draft."""
    return lambda row: getattr(row, name) if row.status in ("confirmed", "closed") else ""


def _billed(row: SalesOrder) -> str:
    state = getattr(row, "payment_state", "none")
    return "" if state == "none" else str(state)


def brief(table: Mapping[str, Status]) -> dict[str, Status]:
    """How far an axis is, in a column whose heading already names the axis."""
    words = {"none": _("Not yet"), "partial": _("Partly"), "done": _("Done")}
    return {key: replace(one, label=words[key]) for key, one in table.items()}


def _options(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, one.label) for key, one in table.items()]


class OrderList(Listing):
    key, title, sort = "orders", _("Orders"), "-date"
    live = "order"
    columns = (
        Reference("number", _("Number"), sort="number", phone="meta"),
        Text("customer", _("Customer"), source="customer__name", sub="customer_reference", sort="customer__name",
             phone="title"),
        Day("date", _("Date"), sort="date"),
        Day("planned_date", _("Promised"), sort="planned_date"),
        StatusColumn("status", _("Status"), statuses=ORDER, sort="status", phone="status"),
        StatusColumn("delivery", _("Delivery"), source=promised("delivery_progress"), statuses=brief(DELIVERY),
                     sort="delivery_progress"),
        StatusColumn("invoice", _("Invoice"), source=promised("invoice_progress"), statuses=brief(INVOICE),
                     sort="invoice_progress"),
        StatusColumn("payment", _("Payment"), source=lambda row: _billed(row), statuses=PAYMENT),
        Money("total", _("Total"), sort="total", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, customer or reference"), match=matching),
        Choice("status", _("Status"), options=_options(ORDER)),
        Choice("delivery", _("Delivery"), options=_options(DELIVERY), lookup="delivery_progress"),
        Choice("invoice", _("Invoice"), options=_options(INVOICE), lookup="invoice_progress"),
        PaymentChoice("payment", _("Payment"), options=_options(PAYMENT)),
        Choice("salesperson", _("Salesperson"), options=people, lookup="salesperson_id"),
        Days("date", _("Date")),
        Flag("later", _("Later than asked for"), match=later_than_asked),
        Flag("to_ship", _("To ship"), match=unshipped),
        mine(),
    )  # fmt: skip
    views = (
        View(_("To confirm"), "status=draft"),
        View(_("To ship"), "to_ship=1&sort=planned_date"),
        View(_("Later than asked for"), "later=1&to_ship=1&sort=planned_date"),
        View(_("To invoice"), "status=confirmed&delivery=done&invoice=none"),
        View(_("Overdue"), "payment=overdue"),
    )
    totals = (Total("total", _("Total"), currency="currency"),)
    empty = Empty(
        _("No orders yet"),
        _(
            "An order is a promise: once confirmed, its stock is held and it counts in the customer's credit. It comes"
            " from an accepted quotation, or is written here."
        ),
        icon="shopping-cart",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("order", "view")
        return order_rows(by=self.request.user)

    def ordered(self, rows: Any) -> Any:
        return super().ordered(with_payment_state(rows, today=today_of(self.request)))

    def url(self, row: SalesOrder) -> str:
        return row_address("sales:order", row.pk)

    def actions(self) -> Sequence[Action]:
        if not access_of(self.request.user).allows("order", "create"):
            return ()
        return [Action(_("New order"), url=reverse("sales:new_order"), icon="plus", method="get", kind="go", key="n")]

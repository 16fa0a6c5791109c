from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from niaga.core.queries.together import ask
from niaga.documents.queries.links import openings_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import salespeople
from niaga.sales.models import Quotation
from niaga.sales.queries.lists import matching, quotation_rows
from niaga.sales.web.words import QUOTATION
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


def people(request: HttpRequest) -> list[tuple[UUID, str]]:
    return [(row.pk, str(row)) for row in salespeople(by=request.user)]


class Mine(Flag):
    """Only the person's own."""

    def narrow(self, rows: Rows, value: bool, request: HttpRequest) -> Rows:
        return rows.filter(salesperson_id=request.user.pk)


def mine() -> Mine:
    return Mine("mine", _("Mine"), match=lambda rows: rows)


class QuotationList(Listing):
    key, title, sort = "quotations", _("Quotations"), "-date"
    live = "quotation"
    columns = (
        Reference("number", _("Number"), sort="number", phone="meta"),
        Text("customer", _("Customer"), source="customer__name", sub="customer_reference", sort="customer__name",
             phone="title"),
        Day("date", _("Date"), sort="date"),
        Day("valid_until", _("Valid until"), sort="valid_until"),
        Text("salesperson", _("Salesperson"), source=lambda row: str(row.salesperson or ""), sort="salesperson__name"),
        StatusColumn("status", _("Status"), sort="status", phone="status",
                     source=lambda row: _state(row)),
        Money("total", _("Total"), sort="total", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, customer or reference"), match=matching),
        Choice("status", _("Status"), options=[(key, one.label) for key, one in QUOTATION.items()]),
        Choice("salesperson", _("Salesperson"), options=people, lookup="salesperson_id"),
        Days("date", _("Date")),
        mine(),
    )
    views = (
        View(_("Awaiting an answer"), "status=sent&sort=valid_until"),
        View(_("Drafts"), "status=draft"),
        View(_("Accepted"), "status=accepted"),
    )
    totals = (Total("total", _("Total"), currency="currency"),)
    empty = Empty(
        _("No quotations yet"),
        _(
            "A quotation is an offer with prices that hold until a day. You send its link or PDF; the customer chooses,"
            " signs, and it becomes an order."
        ),
        icon="file-text",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("quotation", "view")
        return quotation_rows(by=self.request.user)

    def url(self, row: Quotation) -> str:
        return row_address("sales:quotation", row.pk)

    def actions(self) -> Sequence[Action]:
        if not access_of(self.request.user).allows("quotation", "create"):
            return ()
        return [
            Action(
                _("New quotation"), url=reverse("sales:new_quotation"), icon="plus", method="get", kind="go", key="n"
            )
        ]

    def prepare(self, rows: list[Any]) -> list[Any]:
        """How often customers looked at what they have, beside its state."""
        [seen] = ask(openings_of(kind="quotation", ids=[row.pk for row in rows if row.status == "sent"]))
        for row in rows:
            row.openings = seen[row.pk].count if row.pk in seen else 0
        return rows


def _state(row: Quotation) -> Status:
    status = QUOTATION[row.status]
    times = getattr(row, "openings", 0)
    if row.status == "sent" and times:
        return Status(ngettext("Opened", "Opened %(count)d×", times) % {"count": times}, "accent", "eye")
    return status

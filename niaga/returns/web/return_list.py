"""The list of returns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.returns.queries.returns import listed_returns, matching, reasons_of, with_reason
from niaga.returns.web.words import KINDS, RETURN, status_of
from niaga.ui.documents import Action
from niaga.ui.lists import (
    Choice,
    Day,
    Days,
    Empty,
    Flag,
    Listing,
    Money,
    Number,
    Reference,
    Search,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


class ReasonChoice(Choice):
    """Returns of which a line has the reason."""

    def narrow(self, rows: Any, value: str, request: HttpRequest) -> Any:
        known = {str(one.id) for one in reasons_of(by=request.user, archived=True)}
        return with_reason(rows, UUID(value)) if value in known else rows


def _reasons(request: HttpRequest) -> list[tuple[str, str]]:
    language = get_language() or "id"
    return [(str(one.id), one.name(language)) for one in reasons_of(by=request.user)]


class ReturnList(Listing):
    key, title, sort = "returns", _("Returns"), "-date"
    columns = (
        Reference("number", _("Number"), source=lambda row: row.number or "…", sub="order_number", sort="number",
                  phone="meta"),
        Text("customer", _("Customer"), source="customer__name", sub="asked_by", sort="customer__name", phone="title"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("kind", _("Kind"), source=lambda row: KINDS[row.kind]),
        StatusColumn("status", _("Status"), source=status_of, sort="status", phone="status"),
        Number("lines", _("Lines"), source="line_count"),
        Money("credited", _("Credited"), phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Return, order or customer"), match=matching),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in RETURN.items()]),
        Choice("kind", _("Kind"), options=list(KINDS.items())),
        ReasonChoice("reason", _("Reason"), options=_reasons),
        Days("date", _("Date")),
        Flag("outside", _("Outside policy"), match=lambda rows: rows.filter(outside_policy=True)),
    )  # fmt: skip
    views = (
        View(_("To decide"), "status=requested"),
        View(_("Waiting for goods"), "status=authorized&kind=goods"),
        View(_("To inspect"), "status=received"),
        View(_("To settle"), "status=inspected"),
    )
    totals = (Total("credited", _("Credited"), currency="currency"),)
    empty = Empty(
        _("No returns yet"),
        _(
            "A return is asked for from an order or its invoice: goods that come back, or a part of the price. It is"
            " authorized, received, inspected and credited exactly as it was sold."
        ),
        icon="undo-2",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("return", "view")
        return listed_returns(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("returns:return", row.pk)

    def actions(self) -> Sequence[Action]:
        actions = []
        if access_of(self.request.user).allows("report", "view"):
            url = reverse("returns:rates")
            actions.append(Action(_("Rates of return"), url=url, icon="chart-no-axes-column", method="get"))
        if access_of(self.request.user).sees_cost:
            url = reverse("returns:supplier_credits")
            actions.append(Action(_("Owed by suppliers"), url=url, icon="forward", method="get"))
        if access_of(self.request.user).allows("return", "create"):
            url = reverse("returns:new")
            actions.append(Action(_("New return"), url=url, icon="plus", method="get", kind="go", key="n"))
        return actions

"""Sales of the past, as they were moved in."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches
from niaga.sales.queries.historical_sales import day_sums, historical_sales, matching_history, sees_all_history
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Number, Reference, Search, Text, Total
from niaga.ui.lists.addresses import row_address


def _branches(request: HttpRequest) -> list[tuple[Any, str]]:
    return list(branches(by=request.user, archived=True).values_list("id", "name"))


class HistoricalSaleList(Listing):
    key, title, sort = "historical-sales", _("Sales history"), "-date"
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("customer", _("Customer"), source=lambda row: row.customer.name if row.customer else "", phone="meta"),
        Text("branch", _("Branch"), source="branch__name"),
        Number("line_count", _("Lines")),
        Money("discount", _("Discount")),
        Money("total", _("Total"), phone="value"),
    )
    filters = (
        Search("q", _("Number or customer"), match=matching_history),
        Choice("branch", _("Branch"), options=_branches, lookup="branch"),
        Days("date", _("Date")),
    )
    totals = (Total("total", _("Total"), currency="currency"),)
    empty = Empty(
        _("No sales of the past"),
        _(
            "Sales from the system before Niaga keep their numbers, are found in search and stand in every figure. "
            "They come from a file: one row for each line."
        ),
        icon="history",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("historical_sale", "view")
        rows = historical_sales(by=self.request.user)
        customer = self._customer()
        return rows.filter(customer_id=customer) if customer else rows

    def _customer(self) -> UUID | None:
        try:
            return UUID(self.request.GET.get("customer", ""))
        except ValueError:
            return None

    def sums(self, rows: QuerySet[Any]) -> tuple[int, list[tuple[Any, str]]]:
        """Without another filter than days, the kept sums of the days are read instead of every sale."""
        asked = {shown.filter.name: shown.value for shown in self.filter_values() if shown.value is not None}
        if set(asked) - {"date"} or self._customer() or not sees_all_history(by=self.request.user):
            return super().sums(rows)
        start, end = asked.get("date") or (None, None)
        found = day_sums(by=self.request.user, start=start, end=end)
        totals = [(self.totals[0].label, formatting.money(row["total"], str(row["currency"]))) for row in found]
        return sum(int(row["number"]) for row in found), totals

    def url(self, row: Any) -> str:
        return row_address("sales:historical_sale", row.pk)

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("import", "create"):
            return []
        return [Action(_("Import a file"), url="/imports/new?kind=sales", method="get", icon="upload", kind="go")]

"""What suppliers owe for goods that went back to them, by how long."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.returns.queries.supplier_credits import AGES, of_age, visible_supplier_credits
from niaga.ui.lists import Choice, Day, Days, Empty, Flag, Listing, Money, Search, Text, Total, View
from niaga.ui.lists.addresses import row_address


class AgeChoice(Choice):
    """Owed for so long."""

    def narrow(self, rows: Any, value: str, request: HttpRequest) -> Any:
        return of_age(rows, value, today=_today(request)) if value in AGES else rows


def _today(request: HttpRequest) -> Any:
    return day_at(at=now(), zone=access_of(request.user).default_branch.zone)


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(supplier__name__icontains=text) | Q(rma__number__icontains=text) | Q(line__description__icontains=text)
    )


class SupplierCreditList(Listing):
    key, title, sort = "supplier_credits", _("Owed by suppliers"), "date"
    above = (_("Returns"), "/returns")
    columns = (
        Text("supplier", _("Supplier"), source="supplier__name", sub="rma__number", sort="supplier__name",
             phone="title"),
        Text("goods", _("Goods"), source="line__description", phone="meta"),
        Day("date", _("Since"), sort="date", sub="age", phone="meta"),
        Money("amount", _("They owe"), sort="amount", currency="company__currency"),
        Money("credited", _("Credited"), currency="company__currency"),
        Money("left", _("Still owed"), sort="left", currency="company__currency", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Supplier, return or goods"), match=_matching),
        AgeChoice("age", _("Age"), options=[
            ("30", _("up to 30 days")), ("60", _("31 to 60 days")), ("90", _("61 to 90 days")),
            ("older", _("more than 90 days")),
        ]),
        Days("date", _("Since")),
        Flag("open", _("Still owed"), match=lambda rows: rows.filter(left__gt=0)),
    )  # fmt: skip
    views = (View(_("Still owed"), "open=1&sort=date"), View(_("More than 90 days"), "open=1&age=older&sort=date"))
    totals = (
        Total("amount", _("They owe"), currency="company__currency"),
        Total("left", _("Still owed"), currency="company__currency"),
    )
    empty = Empty(
        _("No supplier owes anything for returns"),
        _(
            "When a supplier takes goods back, from the customer or from our warehouse, what they owe for it stands"
            " here until they credit it."
        ),
        icon="forward",
    )

    def rows(self) -> QuerySet[Any]:
        return visible_supplier_credits(by=self.request.user)

    def prepare(self, rows: Any) -> Any:
        today = _today(self.request)
        for row in rows:
            days = (today - row.date).days
            text = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
            row.age = text if row.left else gettext("finished")
        return rows

    def url(self, row: Any) -> str:
        return row_address("returns:supplier_credit", row.pk)

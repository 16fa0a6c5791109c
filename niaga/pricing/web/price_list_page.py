"""One price list with all its prices."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.price_changes import open_changes_of
from niaga.pricing.queries.price_lists import entries_of, price_list_for, price_list_rows
from niaga.pricing.queries.rules_of import rules_in_words
from niaga.pricing.queries.terms_in_words import TAX_SORTS, hours, whom
from niaga.pricing.web.price_change_words import STATUSES
from niaga.pricing.web.price_lists import may, state, validity
from niaga.ui.documents import Action, Axis, Consequence
from niaga.ui.formatting import quantity
from niaga.ui.lists import Empty, Listing, Money, Percent, Search, Status, Text


def _from(row: Any) -> str:
    return quantity(row.min_quantity, row.unit_code) if row.min_quantity else str(_("any quantity"))


def _against(row: Any) -> Decimal | None:
    """How far below (or above) the product's own price in percent, when the two can be compared."""
    if not row.list_price or not row.comparable:
        return None
    return Decimal((row.price / (row.list_price * row.factor) - 1) * 100)


class PriceListPage(Listing):
    key, title, sort = "price_list_entries", _("Prices"), "name"
    template = "pricing/price_list.html"
    columns = (
        Text("name", _("Product"), sub="sku", sort="name", phone="title"),
        Text("from", _("From"), source=_from, sort="min_quantity", phone="meta"),
        Money("price", _("Price"), sort="price", currency="price_list__currency", phone="value"),
        Text("unit_code", _("Unit"), phone="meta"),
        Money("list_price", _("Product's own price"), sort="list_price", currency="price_list__currency"),
        Percent("against", _("Difference"), source=_against),
    )
    filters = (
        Search(
            "q",
            _("Name or SKU"),
            match=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(sku__istartswith=text)),
        ),
    )
    empty = Empty(
        _("No prices in this list yet"),
        _("Paste rows from a spreadsheet: SKU, from which quantity, price. Products not named here keep their own."),
        icon="tag",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.found: PriceList = price_list_for(request.user, kwargs["price_list_id"])

    def rows(self) -> QuerySet[Any]:
        home = Case(
            When(price_list__currency=F("price_list__company__currency"), then=Value(True)), default=Value(False)
        )
        rows: QuerySet[Any] = entries_of(self.found.pk).annotate(comparable=home).select_related("price_list")
        return rows

    def url(self, row: Any) -> str:
        if self.found.unpublished or not may(self.request, "change"):
            return ""
        return f"{reverse('pricing:prices', args=[self.found.pk])}?product={row.product_id}"

    def actions(self) -> list[Action]:
        actions = [
            Action(_("History"), url=reverse("pricing:history", args=[self.found.pk]), icon="history", method="get")
        ]
        if may(self.request, "archive") and not self.found.unpublished:
            if self.found.archived_at is None:
                consequence = Consequence(
                    _("Archive this price list?"),
                    _("New documents no longer take its prices; those made with it keep them. You can bring it back."),
                    button=_("Archive"),
                )
                url = reverse("pricing:archive", args=[self.found.pk])
                actions.append(Action(_("Archive"), url=url, icon="archive", confirm=consequence))
            else:
                url = reverse("pricing:restore", args=[self.found.pk])
                actions.append(Action(_("Bring back"), url=url, icon="rotate-ccw"))
        if may(self.request, "change") and not (self.found.unpublished and self.changes):
            prepare = reverse("pricing:new_change", args=[self.found.pk])
            actions.append(Action(_("Prepare a change"), url=prepare, icon="calendar-clock", method="get", key="p"))
        if may(self.request, "change") and not self.found.unpublished:
            formula = reverse("pricing:new_rule", args=[self.found.pk])
            actions.append(Action(_("Add a formula"), url=formula, icon="percent", method="get", key="f"))
            edit = reverse("pricing:edit", args=[self.found.pk])
            write = reverse("pricing:prices", args=[self.found.pk])
            actions.append(Action(_("Edit"), url=edit, icon="pencil", method="get", key="e"))
            actions.append(Action(_("Set prices"), url=write, icon="plus", method="get", kind="go", key="n"))
        return actions

    def context(self) -> dict[str, Any]:
        shown = price_list_rows(self.request.user).filter(pk=self.found.pk).first()
        now = state(self.found)
        axes = [
            Axis(_("Status"), now.label, now.tone, now.icon),
            Axis(_("For"), (whom(shown) if shown else "") or _("Everybody")),
            Axis(_("Valid"), validity(self.found)),
            *([Axis(_("Hours"), hours(self.found))] if hours(self.found) else []),
            Axis(_("Currency"), self.found.currency),
            *(
                [Axis(_("Prices"), str(TAX_SORTS[self.found.prices_include_tax]))]
                if self.found.prices_include_tax is not None
                else []
            ),
            Axis(_("Priority"), str(self.found.priority)),
        ]
        rules = rules_in_words(self.found.pk, sees_cost=access_of(self.request.user).sees_cost)
        return {
            "title": self.found.name, "axes": axes, "rules": rules, "price_list": self.found,
            "may_change": may(self.request, "change") and not self.found.unpublished,
            "changes": self.changes,
        }  # fmt: skip

    @cached_property
    def changes(self) -> list[tuple[PriceChange, Status]]:
        """What is prepared and what waits, for who may change prices."""
        if not may(self.request, "change"):
            return []
        return [(change, STATUSES[change.status]) for change in open_changes_of(self.found.pk)]

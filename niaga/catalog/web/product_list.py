"""The list of products, and the type-ahead that other pages ask."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.bundles import tell_bundle_costs
from niaga.catalog.queries.catalog_lists import brands, categories_below, category_tree
from niaga.catalog.queries.find_products import find_products, matching
from niaga.catalog.queries.product_pictures import product_thumbnails, thumbnail_address, with_picture_id
from niaga.catalog.queries.products import NAME, products_for
from niaga.catalog.services.archive_products import archive_products
from niaga.core import clock
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Done,
    Empty,
    Flag,
    Listing,
    Money,
    Number,
    Quantity,
    Search,
    Status,
    StatusColumn,
    Text,
    View,
)
from niaga.ui.lists.addresses import row_address
from niaga.ui.registry import product_columns

KINDS = {
    "goods": Status(_("Goods"), "", "package"),
    "service": Status(_("Service"), "", "wrench"),
    "charge": Status(_("Charge"), "", "receipt"),
    "bundle": Status(_("Bundle"), "", "boxes"),
}


def may(request: HttpRequest, action: str, kind: str = "product") -> bool:
    return access_of(request.user).allows(kind, action)


def _company(request: HttpRequest) -> UUID:
    return access_of(request.user).current_company.id


def _categories(request: HttpRequest) -> list[tuple[UUID, str]]:
    return [(node.id, "\u2003" * node.depth + node.name) for node in category_tree(_company(request))]


def _archive(request: HttpRequest, ids: list[UUID]) -> Done:
    done = archive_products(product_ids=ids, by=request.user, at=clock.now())
    return Done(gettext("%(count)d products archived.") % {"count": done})


class ProductList(Listing):
    key, title, sort = "products", _("Products"), "name"
    columns = (
        Text("name", _("Name"), sub="sku", sort="name_key", phone="title", picture="picture"),
        Text("category", _("Category"), source="category__name"),
        Text("brand", _("Brand")),
        StatusColumn("kind", _("Kind"), statuses=KINDS),
        Money("price", _("Price"), currency="currency", phone="value"),
        Money(
            "cost", _("Cost"), currency="currency", hidden_from=lambda request: not access_of(request.user).sees_cost
        ),
        Text("unit", _("Unit"), source="unit__code", phone="meta"),
        Number("weight", _("Weight in kg"), only_exported=True),
        Number("volume", _("Volume in litres"), only_exported=True),
    )
    filters = (
        Search("q", _("Name, SKU or bar code"), match=matching),
        Choice("category", _("Category"), options=_categories),
        Choice("kind", _("Kind"), options=[(code, status.label) for code, status in KINDS.items()]),
        Choice("brand", _("Brand"), options=lambda request: [(name, name) for name in brands(_company(request))]),
        Flag("archived", _("Archived"), match=lambda rows: rows),
    )
    views = (View(_("Archived"), "archived=1"),)
    bulk = (
        BulkAction(
            "archive", _("Archive"), act=_archive, icon="archive", allowed=lambda request: may(request, "archive")
        ),
    )
    empty = Empty(
        _("No products yet"),
        _(
            "A product is what you sell: goods that are stocked, a service, a charge such as freight, or a bundle of "
            "others. Name and price are enough to begin. A list from your old system can be imported."
        ),
        icon="package",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.currency = access_of(request.user).current_company.currency
        self.contributed = [column for _name, column in product_columns if column.allowed(request)]
        for column in self.contributed:
            if column.currency:
                self.in_file.append(Money(column.name, column.label, currency=self.currency))
            else:
                self.in_file.append(Quantity(column.name, column.label, unit="unit__code" if column.unit else ""))
        self.in_file = [
            Money(one.name, one.label, currency=self.currency, phone=one.phone) if isinstance(one, Money) else one
            for one in self.in_file
        ]

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("product", "view")
        rows = products_for(self.request.user).filter(archived_at__isnull=self.request.GET.get("archived") != "1")
        rows = rows.annotate(name_key=NAME).select_related("category", "unit")
        return self.with_figures(rows) if self.request.GET.get("export") else rows

    def with_figures(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for column in self.contributed:
            rows = column.annotate(self.request, rows)
        return rows

    def prepare(self, rows: list[Any]) -> list[Any]:
        """What other apps tell of the 50 rows, and their pictures, in one statement.

        A subquery beside each row that a page skips costs.
        """
        if access_of(self.request.user).sees_cost:
            tell_bundle_costs(rows)
        if rows:
            ids = [row.pk for row in rows]
            names = [column.name for column in self.contributed]
            told = with_picture_id(self.with_figures(products_for(self.request.user).filter(pk__in=ids)))
            figures = {one["pk"]: one for one in told.values("pk", "picture_id", *names)}
            for row in rows:
                row.picture = thumbnail_address(figures[row.pk]["picture_id"])
                for name in names:
                    setattr(row, name, figures[row.pk][name])
        return rows

    def narrowed(self, values: Any) -> QuerySet[Any]:
        """A category means also those below it."""
        kept = [shown for shown in values if shown.filter.name != "category"]
        rows = super().narrowed(kept)
        wanted = next((shown.value for shown in values if shown.filter.name == "category"), None)
        if not wanted:
            return rows
        try:
            return rows.filter(category_id__in=categories_below(_company(self.request), UUID(wanted)))
        except ValueError:
            return rows

    def url(self, row: Any) -> str:
        return row_address("catalog:product", row.pk)

    def actions(self) -> list[Action]:
        links = [Action(_("Categories"), url=reverse("catalog:categories"), icon="folder-tree", method="get")]
        if may(self.request, "create"):
            links.append(
                Action(_("New product"), url=reverse("catalog:new"), icon="plus", method="get", kind="go", key="n")
            )
        return links


@login_required
def lookup(request: HttpRequest) -> HttpResponse:
    """`GET ?q=` for a lookup field: products as one types or scans."""
    currency = access_of(request.user).current_company.currency
    found = find_products(request.GET.get("q", "")[:100], request.user, 12)
    pictures = product_thumbnails({one.id: one.image_id for one in found})
    return JsonResponse(
        [
            {
                "id": str(one.id), "label": one.name, "detail": one.sku, "picture": pictures.get(one.id, ""),
                "meta": f"{formatting.money(one.price, currency)} / {one.base_unit}", "unit": one.unit,
            }
            for one in found
        ],
        safe=False,
    )  # fmt: skip

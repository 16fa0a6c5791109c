"""What the catalog adds to the pages of all: its place and its finds; and the promises that it keeps."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.find_products import find_products
from niaga.core.registry import InvariantCheck, invariants
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.registry import (
    Command,
    Hit,
    NavigationGroup,
    NavigationItem,
    SearchContribution,
    SettingsGroup,
    SettingsPlace,
    commands,
    navigation,
    search,
    settings_places,
)


def _may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("product", action)


def _may_set(request: HttpRequest) -> bool:
    return access_of(request.user).allows("setting", "view")


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    if not _may(request, "view"):
        return []
    currency = access_of(request.user).current_company.currency
    return [
        Hit(
            title=one.name, url=reverse("catalog:product", args=[one.id]), kind="product", id=str(one.id),
            detail=one.sku, meta=formatting.money(one.price, currency),
        )
        for one in find_products(text, request.user, limit)
    ]  # fmt: skip


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    """`New product`, when nothing is typed or the word itself is."""
    if not _may(request, "create"):
        return []
    word = text.casefold()
    label = str(_("New product"))
    if not word or word in label.casefold():
        return [Command(label, reverse("catalog:new"), icon="package-plus")]
    if not hits:
        return [Command(_("New product {subject}"), f"{reverse('catalog:new')}?{urlencode({'name': text})}",
                        icon="package-plus", subject=text)]  # fmt: skip
    return []


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="products", label=_("Products"), icon="package", url_name="catalog:products",
            group=NavigationGroup.FIELD, order=40, shortcut="b", allowed=lambda request: _may(request, "view"),
        )
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            "tax_categories", _("Tax categories"), _("How goods are taxed, from which day on"), "percent",
            "catalog:taxes", SettingsGroup.SELLING, 30, _may_set,
        ),
        SettingsPlace(
            "units", _("Units"), _("What quantities are counted in"), "ruler", "catalog:units",
            SettingsGroup.SELLING, 40, _may_set,
        ),
        SettingsPlace(
            "categories", _("Product categories"), _("The tree by which products are found"), "folder-tree",
            "catalog:categories", SettingsGroup.SELLING, 50, lambda request: _may(request, "change"),
        ),
    )  # fmt: skip
    search.add("products", SearchContribution(_("Products"), "package", find=_find))
    commands.add("catalog", _offer)
    invariants.add(
        "bundles_have_parts",
        InvariantCheck(
            promise="A bundle has parts, some of them goods; nothing else has parts, and they are goods and services.",
            sql="""
                SELECT p.id, p.sku FROM catalog_product p
                 WHERE (p.kind = 'bundle') <> EXISTS (
                         SELECT 1 FROM catalog_bundlepart b JOIN catalog_product q ON q.id = b.product_id
                          WHERE b.bundle_id = p.id AND q.kind = 'goods')
                UNION
                SELECT p.id, p.sku FROM catalog_bundlepart b JOIN catalog_product p ON p.id = b.bundle_id
                 WHERE p.kind <> 'bundle'
                UNION ALL
                SELECT p.id, p.sku FROM catalog_bundlepart b JOIN catalog_product p ON p.id = b.product_id
                 WHERE p.kind NOT IN ('goods', 'service')
            """,
        ),
    )
    invariants.add(
        "bar_codes_are_of_units_it_is_sold_in",
        InvariantCheck(
            promise="A bar code is of the product's base unit or of another it is sold in, and of its own company.",
            sql="""
                SELECT b.id, b.code FROM catalog_barcode b JOIN catalog_product p ON p.id = b.product_id
                 WHERE b.company_id <> p.company_id OR (b.unit_id <> p.unit_id AND NOT EXISTS (
                       SELECT 1 FROM catalog_productunit u WHERE u.product_id = p.id AND u.unit_id = b.unit_id))
            """,
        ),
    )
    invariants.add(
        "products_keep_to_their_company",
        InvariantCheck(
            promise="A product's unit, tax category, category and family are of its own company.",
            sql="""
                SELECT p.id, p.sku FROM catalog_product p
                  JOIN catalog_unit u ON u.id = p.unit_id JOIN catalog_taxcategory t ON t.id = p.tax_category_id
                  LEFT JOIN catalog_category c ON c.id = p.category_id
                  LEFT JOIN catalog_productfamily f ON f.id = p.family_id
                 WHERE u.company_id <> p.company_id OR t.company_id <> p.company_id
                    OR c.company_id <> p.company_id OR f.company_id <> p.company_id
            """,
        ),
    )
    invariants.add(
        "category_tree_has_no_circles",
        InvariantCheck(
            promise="Following a category's parents ends at the top.",
            sql="""
                WITH RECURSIVE up AS (
                  SELECT id, parent_id, 1 AS steps FROM catalog_category
                  UNION ALL SELECT u.id, c.parent_id, u.steps + 1
                    FROM up u JOIN catalog_category c ON c.id = u.parent_id WHERE u.steps < 50)
                SELECT DISTINCT id FROM up WHERE steps >= 50
            """,
        ),
    )

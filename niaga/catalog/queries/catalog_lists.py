"""Products narrowed and whole, and the catalog's settings, for the API and the pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Prefetch, QuerySet

from niaga.catalog.models import BundlePart, Category, Product, ProductFamily, TaxCategory, Unit
from niaga.catalog.queries.find_products import matching
from niaga.catalog.queries.products import products_for
from niaga.catalog.rules.product import bundle_cost
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of

_PARTS = BundlePart.objects.select_related("product__unit").order_by("id")
Settings = TypeVar("Settings", Category, ProductFamily, TaxCategory, Unit)


def whole_product(by: Actor, product_id: UUID) -> Product:
    """A product with units, bar codes, bundle parts and the variants of its family. At most five statements.

    :raises NotFound: there is none, or not for this person
    """
    product = (
        products_for(by)
        .filter(pk=product_id)
        .select_related("unit", "tax_category", "category", "family")
        .prefetch_related("units__unit", "barcodes__unit", Prefetch("parts", _PARTS))
        .first()
    )
    if product is None:
        raise NotFound()
    if product.kind == "bundle":
        product.cost = bundle_cost((part.product.cost, part.quantity) for part in product.parts.all())
    return product


def narrowed_products(
    by: Actor,
    *,
    q: str = "",
    sku: str = "",
    barcode: str = "",
    category_id: UUID | None = None,
    family_id: UUID | None = None,
    kind: str = "",
    brand: str = "",
    archived: bool | None = False,
    updated_since: datetime | None = None,
) -> QuerySet[Product]:
    """The products `by` may see that fit every filter given; a category with those below it; `archived` None: both."""
    rows = matching(products_for(by), q) if q else products_for(by)
    if sku:
        rows = rows.filter(sku=sku)
    if barcode:
        rows = rows.filter(barcodes__code=barcode)
    if category_id is not None:
        rows = rows.filter(category_id__in=categories_below(access_of(by).current_company.id, category_id))
    if family_id is not None:
        rows = rows.filter(family_id=family_id)
    if kind:
        rows = rows.filter(kind=kind)
    if brand:
        rows = rows.filter(brand=brand)
    if archived is not None:
        rows = rows.filter(archived_at__isnull=not archived)
    if updated_since is not None:
        rows = rows.filter(updated_at__gte=updated_since)
    return rows


def categories_below(company_id: UUID, category_id: UUID) -> list[UUID]:
    """A category and all below it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below AS (SELECT id FROM catalog_category WHERE id = %s::uuid AND company_id = %s::uuid"
            " UNION SELECT c.id FROM catalog_category c JOIN below b ON c.parent_id = b.id) SELECT id FROM below",
            [category_id, company_id],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category in the order of the tree, `depth` 0 at the top; `path` is `Food / Rice`."""

    id: UUID
    name: str
    parent_id: UUID | None
    depth: int
    path: str
    is_archived: bool


def category_tree(company_id: UUID, *, archived: bool = False) -> list[CategoryNode]:
    """The whole tree, parents before children, siblings by name. One statement."""
    rows = Category.objects.filter(company_id=company_id)
    if not archived:
        rows = rows.filter(archived_at=None)
    children: dict[UUID | None, list[tuple[UUID, str, bool]]] = {}
    known: set[UUID] = set()
    found = list(rows.order_by("name", "id").values_list("id", "name", "parent_id", "archived_at"))
    known.update(row[0] for row in found)
    for id_, name, parent_id, archived_at in found:
        children.setdefault(parent_id if parent_id in known else None, []).append((id_, name, archived_at is not None))
    nodes: list[CategoryNode] = []

    def walk(parent_id: UUID | None, depth: int, path: str) -> None:
        for id_, name, is_archived in children.get(parent_id, ()):
            here = f"{path} / {name}" if path else name
            nodes.append(CategoryNode(id_, name, parent_id, depth, here, is_archived))
            walk(id_, depth + 1, here)

    walk(None, 0, "")
    return nodes


def brands(company_id: UUID, limit: int = 100) -> list[str]:
    """The brands in use, by an index that is skipped through: it costs as many steps as there are brands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE b AS ("
            " (SELECT brand FROM catalog_product WHERE company_id = %(company)s AND brand <> ''"
            "   AND archived_at IS NULL ORDER BY brand LIMIT 1)"
            " UNION ALL SELECT (SELECT p.brand FROM catalog_product p WHERE p.company_id = %(company)s"
            "   AND p.brand <> '' AND p.archived_at IS NULL AND p.brand > b.brand ORDER BY p.brand LIMIT 1)"
            "  FROM b WHERE b.brand IS NOT NULL)"
            " SELECT brand FROM b WHERE brand IS NOT NULL LIMIT %(limit)s",
            {"company": company_id, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


def _of_company(model: type[Settings], by: Actor) -> QuerySet[Settings]:
    """Rows of the current company, for who may see products."""
    access = access_of(by)
    rows = model._default_manager.filter(company_id=access.current_company.id)
    return rows if access.allows("product", "view") else rows.none()


def units_for(by: Actor) -> QuerySet[Unit]:
    return _of_company(Unit, by).order_by("code", "id")


def tax_categories_for(by: Actor, *, archived: bool = False) -> QuerySet[TaxCategory]:
    """Tax categories with their rates, the oldest first. Two statements."""
    rows = _of_company(TaxCategory, by).order_by("name", "id")
    return (rows if archived else rows.filter(archived_at=None)).prefetch_related("rates")


def families_for(by: Actor) -> QuerySet[ProductFamily]:
    return _of_company(ProductFamily, by).order_by("name", "id")


def categories_for(by: Actor) -> QuerySet[Category]:
    return _of_company(Category, by).order_by("name", "id")


def variants_of(by: Actor, family_id: UUID) -> QuerySet[Product]:
    """The variants of a family, with what a table of them shows."""
    return products_for(by).filter(family_id=family_id).select_related("unit").order_by("sku", "id")


def products_by_category(company_id: UUID) -> dict[UUID, int]:
    """How many products that are not archived each category holds itself. One statement."""
    rows = (
        Product.objects.filter(company_id=company_id, archived_at=None, category__isnull=False)
        .order_by()
        .values_list("category_id")
        .annotate(count=Count("pk"))
    )
    return dict(rows)

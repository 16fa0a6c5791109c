"""Products as a person may see them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Collate, Lower

from niaga.catalog.models import Product
from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of, seen

NAME = Collate(Lower("name"), "C")


def name_key(product: str) -> Collate:
    """What rows with a product at the path `product` are sorted by; with the company beside it, by an index."""
    return Collate(Lower(f"{product}__name"), "C")


def products_for(by: Actor, action: str = "view") -> QuerySet[Product]:
    """The products of the current company, archived ones too."""
    return Product.objects.filter(access_of(by).filter("product", action, branch=None, salesperson=None))


def product_for(by: Actor, product_id: UUID, action: str = "view") -> Product:
    """One product with its references, in one statement.

    :raises NotFound: there is none, or not for this person
    """
    found: Product | None = _WHOLE.one(product_id)
    return seen(found, "product", by=by, action=action)


_WHOLE = Compiled(
    lambda product_id: Product.objects.select_related("unit", "tax_category", "category", "family").filter(
        pk=product_id
    )
)


def lock_product(by: Actor, product_id: UUID, action: str) -> Product:
    """The product's row, locked, for a service that changes it.

    :raises NotFound: there is none
    :raises Forbidden: not for this person
    """
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    access = access_of(by)
    if product is None or product.company_id not in access.company_ids:
        raise NotFound()
    access.require("product", action, company_id=product.company_id)
    return product


def products_by_sku(company_id: UUID, skus: Collection[str]) -> dict[str, UUID]:
    """Those of the SKUs that products of the company have, archived ones too; who may do what is asked later."""
    return dict(Product.objects.filter(company_id=company_id, sku__in=skus).values_list("sku", "id"))

"""The unit in which a product is counted."""

from collections.abc import Collection
from uuid import UUID

from niaga.catalog.models import Product


def base_units(product_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The base unit's id by product; one statement, none for no ids. Unchecked access."""
    if not product_ids:
        return {}
    return dict(Product.objects.filter(pk__in=set(product_ids)).values_list("id", "unit_id"))

from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.catalog.models import Product
from niaga.catalog.rules.product import NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.organization.access import Actor


def create_product(*, company_id: UUID, by: Actor, at: datetime, **facts: Any) -> Product:
    """Create one product from the fields of `NewProduct`; the name is enough.

    :raises Invalid: a value is missing or cannot be
    :raises SkuTaken: another product has the SKU
    :raises BarcodeTaken: another product has the bar code
    :raises Forbidden: `by` may not create products
    """
    [product_id] = create_products(company_id=company_id, rows=[NewProduct(**facts)], by=by, at=at)
    return Product.objects.select_related("unit", "tax_category", "category").get(pk=product_id)

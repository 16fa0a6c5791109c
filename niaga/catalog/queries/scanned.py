"""What a scanned or typed code stands for."""

from collections.abc import Collection
from uuid import UUID

from niaga.catalog.models import Barcode, Product


def products_of_code(*, company_id: UUID, code: str) -> set[UUID]:
    """The products with this bar code or SKU, written exactly so. Unchecked access."""
    found = set(Barcode.objects.filter(company_id=company_id, code=code).values_list("product_id", flat=True))
    return found | set(Product.objects.filter(company_id=company_id, sku__iexact=code).values_list("id", flat=True))


def products_of_codes(*, company_id: UUID, codes: Collection[str]) -> dict[str, UUID]:
    """The product of each SKU or bar code, written exactly so; what stands for none is missing. Unchecked access."""
    found = dict(Barcode.objects.filter(company_id=company_id, code__in=codes).values_list("code", "product_id"))
    return found | dict(Product.objects.filter(company_id=company_id, sku__in=codes).values_list("sku", "id"))

from uuid import UUID

from niaga.catalog.models import Product


def sold_products(*, company_id: UUID, after: str = "", most: int) -> list[tuple[str, UUID]]:
    """SKU and key of products that are sold, by SKU, beginning after one: a company's whole assortment in pieces."""
    rows = Product.objects.filter(company_id=company_id, archived_at=None, sku__gt=after).order_by("sku")
    return list(rows.values_list("sku", "id")[:most])


def count_sold(*, company_id: UUID) -> int:
    return Product.objects.filter(company_id=company_id, archived_at=None).count()

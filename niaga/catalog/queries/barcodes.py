"""The bar codes of products, as they are printed."""

from collections.abc import Collection
from uuid import UUID

from niaga.catalog.models import Barcode


def barcodes_of(product_ids: Collection[UUID]) -> dict[tuple[UUID, str], str]:
    """By product and code of the unit, the first bar code of each. One statement; unchecked access."""
    rows = Barcode.objects.filter(product_id__in=set(product_ids)).order_by("-code")
    return {(product, unit): code for product, unit, code in rows.values_list("product_id", "unit__code", "code")}

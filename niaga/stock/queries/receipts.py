"""Reading receipts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Receipt, ReceiptLine


def get_receipt(*, receipt_id: UUID, by: Actor) -> Receipt:
    """:raises NotFound: none, or none that `by` may see"""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    found = Receipt.objects.filter(seen, pk=receipt_id).first()
    if found is None:
        raise NotFound()
    return found


def receipt_lines(*, receipt_id: UUID) -> list[ReceiptLine]:
    return list(ReceiptLine.objects.filter(receipt_id=receipt_id).order_by("position"))


def visible_receipts(*, by: Actor) -> QuerySet[Receipt]:
    """Receipts the person may see, with how many lines they have."""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    return Receipt.objects.filter(seen).select_related("warehouse").annotate(line_count=Count("lines"))


def receipt_line_rows(*, receipt_id: UUID) -> list[Mapping[str, Any]]:
    """The lines with SKU, name and unit, as a page shows them."""
    rows = ReceiptLine.objects.filter(receipt_id=receipt_id).order_by("position")
    return list[Any](
        rows.values(
            "id", "position", "product_id", "product__sku", "product__name", "quantity", "unit__code", "factor",
            "unit_cost", "product__by_lot",
        )
    )  # fmt: skip

"""Reading transfers between warehouses."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from niaga.organization.access import Actor, access_of
from niaga.stock.models import Transfer, TransferLine


def visible_transfers(*, by: Actor) -> QuerySet[Transfer]:
    """Transfers out of warehouses that the person may see."""
    seen = access_of(by).filter("stock", branch="source__branch_id", salesperson=None)
    return Transfer.objects.filter(seen).select_related("source", "target").annotate(line_count=Count("lines"))


def transfer_lines(transfer_id: UUID) -> list[Mapping[str, Any]]:
    rows = TransferLine.objects.filter(transfer_id=transfer_id).order_by("position")
    return list[Any](
        rows.values(
            "product_id", "product__sku", "product__name", "product__unit__code", "quantity", "lot__number",
            "lot__expires_on",
        )
    )  # fmt: skip

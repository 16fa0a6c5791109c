"""Reading transfers between warehouses."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import StockMove, Transfer, TransferLine


def visible_transfers(*, by: Actor) -> QuerySet[Transfer]:
    """Transfers out of and into warehouses that the person may see."""
    access = access_of(by)
    seen = access.filter("stock", branch="source__branch_id", salesperson=None) | access.filter(
        "stock", branch="target__branch_id", salesperson=None
    )
    rows = Transfer.objects.filter(seen).select_related("source__branch", "target__branch")
    return rows.annotate(line_count=Count("lines"))


def transfer_lines(transfer_id: UUID) -> list[Mapping[str, Any]]:
    rows = TransferLine.objects.filter(transfer_id=transfer_id).order_by("position", "id")
    return list[Any](
        rows.annotate(left=F("quantity") - F("received") - F("returned") - F("lost")).values(
            "id", "product_id", "product__sku", "product__name", "product__unit__code", "quantity", "received",
            "returned", "lost", "over", "left", "lot__number", "lot__expires_on",
        )
    )  # fmt: skip


def lock_transfer(transfer_id: UUID) -> Transfer:
    """The transfer, locked, with its warehouses. The verb checks access.

    :raises NotFound: no such transfer
    """
    rows = Transfer.objects.select_for_update(of=("self",)).select_related(
        "source__branch", "source__company", "target__branch"
    )
    found = rows.filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    return found


def worth_sent(transfer_id: UUID) -> dict[UUID | None, Decimal]:
    """What the goods of each line were worth as they left."""
    rows = StockMove.objects.filter(source_id=transfer_id, reason="transit", quantity__lt=0)
    return {line: -value for line, value in rows.values_list("line_id").annotate(Sum("value"))}

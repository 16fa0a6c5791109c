"""Reading stock counts and adjustments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Adjustment


def visible_adjustments(*, by: Actor) -> QuerySet[Adjustment]:
    """Adjustments and counts the person may see, with how many lines they have and how many are counted."""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    return (
        Adjustment.objects.filter(seen)
        .select_related("warehouse")
        .annotate(line_count=Count("lines"), counted_count=Count("lines", filter=Q(lines__counted__isnull=False)))
    )


def adjustment_lines(adjustment_id: UUID) -> list[Mapping[str, Any]]:
    """The lines with their product's SKU, name and unit, in order."""
    adjustment = Adjustment(id=adjustment_id)
    return list[Any](
        adjustment.lines.order_by("position").values(
            "id", "position", "product_id", "product__sku", "product__name", "product__unit__code", "expected",
            "counted", "difference", "lot__number", "lot__expires_on",
        )
    )  # fmt: skip


def lock_count(count_id: UUID) -> Adjustment:
    """The count, locked, with its warehouse, branch and company. The verb checks access.

    :raises NotFound: no such count
    """
    rows = Adjustment.objects.select_for_update(of=("self",)).select_related("warehouse__branch", "warehouse__company")
    count = rows.filter(pk=count_id, is_count=True).first()
    if count is None:
        raise NotFound()
    return count

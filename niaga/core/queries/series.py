"""The number series of a company: how its documents' numbers look."""

from collections.abc import Collection
from uuid import UUID

from niaga.core.models import NumberSeries


def series_of(*, company_id: UUID, kinds: Collection[str]) -> list[tuple[str, str, int]]:
    """Kind, prefix and width of the figures, of every period."""
    rows = NumberSeries.objects.filter(company_id=company_id, kind__in=list(kinds)).order_by("kind", "-period")
    return list(rows.values_list("kind", "prefix", "width"))

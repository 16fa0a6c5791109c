"""What stock tells on the pages of products: how much is free, and where it lies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.stock.queries.availability import free_by_product
from niaga.stock.queries.levels import levels_of_product
from niaga.ui import formatting
from niaga.ui.registry import ProductColumn, ProductRow, ProductSection, product_columns, product_sections


def _may_see(request: HttpRequest) -> bool:
    return access_of(request.user).allows("stock", "view")


def _free(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(free=free_by_product())


def _where(request: HttpRequest, product_id: UUID, facts: Mapping[str, str]) -> ProductSection | None:
    """On hand and held in each warehouse the person may see."""
    if not _may_see(request):
        return None
    unit = facts["unit"]
    rows = []
    for level in levels_of_product(product_id=product_id, by=request.user):
        said = [now("%(quantity)s on hand") % {"quantity": formatting.quantity(level.on_hand, unit)}]
        if level.reserved:
            said.append(now("%(quantity)s held") % {"quantity": formatting.quantity(level.reserved, unit)})
        if level.incoming:
            said.append(now("%(quantity)s coming") % {"quantity": formatting.quantity(level.incoming, unit)})
        free = level.on_hand - level.reserved
        rows.append(
            ProductRow(
                title=level.warehouse.name, detail=" · ".join(said), value=formatting.quantity(free, unit),
                tone="bad" if free <= 0 else "",
            )
        )  # fmt: skip
    return ProductSection(_("Stock"), rows, empty=_("None has come in yet."), more=_("free"))


def contribute() -> None:
    product_columns.add(
        "stock", ProductColumn(name="free", label=_("Available"), annotate=_free, allowed=_may_see, unit=True), order=10
    )
    product_sections.add("stock", _where, order=10)

"""What may go in place of a product."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from niaga.catalog.models import ProductSubstitute


class StandIn(NamedTuple):
    """Goods that may go in place of others: `ratio` base units of them for one of the others'. `digits` of their base
    unit; `price` is what the customer pays: as_ordered, own or cheaper."""

    product_id: UUID
    sku: str
    name: str
    digits: int
    by_lot: bool
    ratio: Decimal
    price: str
    ordered_name: str


def substitutes_of(product_id: UUID) -> QuerySet[ProductSubstitute]:
    """In the order they are offered, with their product and unit. The caller has checked access to the product."""
    rows = ProductSubstitute.objects.filter(product_id=product_id).order_by("position", "id")
    return rows.select_related("substitute__unit")


def stand_in_for(*, product_id: UUID, substitute_id: UUID) -> StandIn | None:
    """The entry by which goods stand in for a product; None: they do not, or are archived by now."""
    rows = substitutes_of(product_id).filter(substitute_id=substitute_id, substitute__archived_at=None)
    one = rows.select_related("substitute__unit", "product").first()
    if one is None:
        return None
    goods = one.substitute
    return StandIn(goods.pk, goods.sku, goods.name, goods.unit.digits, goods.by_lot, one.ratio, one.price,
                   one.product.name)  # fmt: skip

"""Reading deliveries."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery, DeliveryLine


def visible_deliveries(*, by: Actor) -> QuerySet[Delivery]:
    """Deliveries the person may see."""
    return Delivery.objects.filter(access_of(by).filter("delivery"))


class ShippedLine(NamedTuple):
    """What leaves with a delivery: `quantity` in the line's unit, `factor` base units each."""

    id: UUID
    position: int
    product_id: UUID
    reservation_id: UUID | None
    quantity: Decimal
    factor: Decimal
    unit_cost: Decimal | None


def lock_delivery(*, delivery_id: UUID) -> tuple[Delivery, list[ShippedLine]]:
    """The delivery, locked, and its lines. The verb checks access.

    :raises NotFound: no such delivery
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound()
    rows = DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position")
    return delivery, [ShippedLine(*row) for row in rows.values_list(*ShippedLine._fields)]


def delivery_lines(*, delivery_id: UUID) -> list[DeliveryLine]:
    """The lines of a delivery that the caller may see, in order."""
    return list(DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position"))

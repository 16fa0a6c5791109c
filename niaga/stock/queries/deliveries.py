"""Reading deliveries."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery, DeliveryLine


def visible_deliveries(*, by: Actor) -> QuerySet[Delivery]:
    """Deliveries the person may see."""
    return Delivery.objects.filter(access_of(by).filter("delivery"))


def lock_delivery(*, delivery_id: UUID) -> tuple[Delivery, list[DeliveryLine]]:
    """The delivery, locked, and its lines. The verb checks access.

    :raises NotFound: no such delivery
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound()
    return delivery, list(DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position"))


def delivery_lines(*, delivery_id: UUID) -> list[DeliveryLine]:
    """The lines of a delivery that the caller may see, in order."""
    return list(DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position"))

"""What drivers told of doors."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.shipping.models import DeliveryVisit, RefusedGoods, VisitPosition
from niaga.stock.queries.deliveries import visible_deliveries


def visits_of_delivery(delivery_id: UUID) -> QuerySet[Any, Any]:
    """For the delivery's page, the newest first; who asks may see the delivery."""
    placed = VisitPosition.objects.filter(visit_id=OuterRef("pk"))
    rows = DeliveryVisit.objects.filter(delivery_id=delivery_id).annotate(is_placed=Exists(placed))
    return rows.order_by("-at", "-id").values(
        "id", "outcome", "received_by", "reason", "next_date", "cash", "currency", "at", "signature_id", "is_placed",
        latitude=F("position__latitude"), longitude=F("position__longitude"),
        payment_id=F("taken_in__payment_id"),
    )[:10]  # fmt: skip


def refused_of_delivery(delivery_id: UUID) -> QuerySet[Any, Any]:
    """What was not taken at the door, by line."""
    rows = RefusedGoods.objects.filter(visit__delivery_id=delivery_id).order_by("line__position")
    return rows.values("quantity", "reason", name=F("line__product__name"), unit=F("line__unit__code"))


def get_visit(*, visit_id: UUID, by: Actor) -> DeliveryVisit:
    """:raises NotFound: none, or none at a delivery that the person may see"""
    seen = visible_deliveries(by=by).values("pk")
    found = DeliveryVisit.objects.filter(pk=visit_id, delivery_id__in=seen).first()
    if found is None:
        raise NotFound()
    return found

"""What drivers told of doors."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.organization.queries.users import name_of
from niaga.shipping.models import DeliveryVisit, DoorReport, RefusedGoods, VisitPosition
from niaga.stock.queries.deliveries import visible_deliveries


def visits_of_delivery(delivery_id: UUID) -> QuerySet[Any, Any]:
    """For the delivery's page, the newest first; who asks may see the delivery."""
    placed = VisitPosition.objects.filter(visit_id=OuterRef("pk"))
    handed_in = (
        DoorReport.objects.filter(delivery_id=OuterRef("delivery_id"), end=None).order_by().values("delivery_id")
    )
    rows = DeliveryVisit.objects.filter(delivery_id=delivery_id).annotate(
        is_placed=Exists(placed), who=name_of("by"), status=F("delivery__status"),
        report_count=Coalesce(Subquery(handed_in.annotate(count=Count("pk")).values("count")), 0),
    )  # fmt: skip
    return rows.order_by("-at", "-id").values(
        "id", "outcome", "received_by", "reason", "next_date", "cash", "currency", "at", "signature_id", "is_placed",
        "arrived_at", "note", "photo_ids", "who", "status", "report_count",
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

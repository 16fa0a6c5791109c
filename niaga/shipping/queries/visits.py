"""What drivers bring today, and what they told of doors."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import DeliveryVisit, RefusedGoods, VisitPosition
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.doors import door_lines
from niaga.stock.queries.picking import stops_of, visible_routes


def rounds_of(*, by: Actor, day: date) -> QuerySet[Any]:
    """The day's routes that the person may see, their own first, with how many stops they have and how many are left."""
    access_of(by).require("delivery", "deliver")
    rows = visible_routes(by=by, date=day).annotate(
        stop_count=Count("stops"), left_count=Count("stops", filter=Q(stops__delivery__status="shipped")),
        is_mine=Q(driver_user_id=by.id),
    )  # fmt: skip
    return rows.order_by("-is_mine", "number", "id")


def round_of(*, route_id: UUID, by: Actor) -> tuple[Any, list[Any]]:
    """A route and its stops in order, each with its delivery, customer, lines and visits; four statements.

    :raises NotFound: no such route, or none that the person may see
    :raises Forbidden: the person may not record deliveries
    """
    access_of(by).require("delivery", "deliver")
    route = visible_routes(by=by).filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    stops = stops_of(route_ids=[route.id]).get(route.id, [])
    ids = [stop.delivery_id for stop in stops]
    lines = door_lines(delivery_ids=ids)
    missed: dict[UUID, Any] = {}
    for visit in DeliveryVisit.objects.filter(delivery_id__in=ids).order_by("at"):
        missed[visit.delivery_id] = visit
    for stop in stops:
        stop.lines, stop.visit = lines.get(stop.delivery_id, []), missed.get(stop.delivery_id)
    return route, stops


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

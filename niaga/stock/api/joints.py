"""Deliveries that travel together. Shipping them counts on their orders: that is in sales."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.stock.api import delivery_schemas as shapes
from niaga.stock.api.views import joint_out
from niaga.stock.queries.deliveries import get_delivery
from niaga.stock.queries.together import OPEN, could_go_along, get_joint
from niaga.stock.services.put_together import put_together
from niaga.stock.services.take_apart import take_apart

router = Router(tags=["deliveries"])


@router.get(
    "/deliveries/{delivery_id}/companions", response=list[shapes.CompanionOut], summary="List what could go along"
)
def list_companions(request: HttpRequest, delivery_id: UUID) -> Any:
    """Waiting deliveries to the same door, and why those cannot go along that cannot."""
    delivery = get_delivery(delivery_id=delivery_id, by=request.user)
    return could_go_along(delivery=delivery, by=request.user) if delivery.status in OPEN else []


@router.post("/joint-deliveries", response={201: shapes.JointOut}, summary="Put deliveries together")
def post_joint(request: HttpRequest, response: HttpResponse, body: shapes.JointIn) -> Any:
    """Of one customer to one address from one warehouse, before they leave."""
    access_of(request.user).require("delivery", "change")
    joint_id = put_together(
        delivery_ids=body.delivery_ids, planned_date=body.planned_date, by=request.user, at=now()
    )  # fmt: skip
    return Status(201, joint_out(response, joint_id=joint_id, by=request.user))


@router.get("/joint-deliveries/{joint_id}", response=shapes.JointOut, summary="Show what travels together")
def read_joint(request: HttpRequest, response: HttpResponse, joint_id: UUID) -> Any:
    access_of(request.user).require("delivery", "view")
    return joint_out(response, joint_id=joint_id, by=request.user)


@router.post("/joint-deliveries/{joint_id}/separation", response={204: None}, summary="Take deliveries apart")
def post_separation(request: HttpRequest, joint_id: UUID, body: shapes.ApartIn | None = None) -> Any:
    """Before they leave; of two that travel together both travel alone then."""
    get_joint(joint_id=joint_id, by=request.user)
    take_apart(joint_id=joint_id, delivery_ids=body.delivery_ids if body else None, by=request.user, at=now())
    return Status(204, None)

"""Deliveries: picked, brought, arrived. Making, shipping and calling one off count on its order: they are in sales."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, expected_version, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.stock.api import delivery_schemas as shapes
from niaga.stock.api.views import delivery_out
from niaga.stock.queries.deliveries import get_delivery, visible_deliveries
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.note_carrier import note_carrier
from niaga.stock.services.pick_delivery import pick_delivery

router = Router(tags=["deliveries"])


@router.get("/deliveries", response=Page[shapes.DeliveryRow], summary="List deliveries")
def list_deliveries(request: HttpRequest, query: Query[shapes.DeliveryQuery]) -> Any:
    """Deliveries you may see, the newest first."""
    access_of(request.user).require("delivery", "view")
    rows = visible_deliveries(by=request.user)
    if query.customer_id:
        rows = rows.filter(customer_id=query.customer_id)
    rows = query.narrowed(rows, words=("number", "source_number", "tracking"), time="created_at")
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.get("/deliveries/{delivery_id}", response=shapes.DeliveryOut, summary="Show a delivery")
def read_delivery(request: HttpRequest, response: HttpResponse, delivery_id: UUID) -> Any:
    return delivery_out(response, delivery_id=delivery_id, by=request.user)


@router.patch("/deliveries/{delivery_id}", response=shapes.DeliveryOut, summary="Change a delivery")
def patch_delivery(request: HttpRequest, response: HttpResponse, delivery_id: UUID, body: shapes.DeliveryPatch) -> Any:
    """Who brings the goods and when; only what is sent is changed."""
    found = get_delivery(delivery_id=delivery_id, by=request.user)
    facts = {name: getattr(found, name) for name in shapes.DeliveryPatch.model_fields}
    note_carrier(
        delivery_id=delivery_id, version=expected_version(request), by=request.user, at=now(),
        **facts | body.dict(exclude_unset=True),
    )  # fmt: skip
    return delivery_out(response, delivery_id=delivery_id, by=request.user)


@router.post("/deliveries/{delivery_id}/picking", response=shapes.DeliveryOut, summary="Begin picking")
def post_picking(request: HttpRequest, response: HttpResponse, delivery_id: UUID) -> Any:
    """Begin to collect the goods from the shelves."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    pick_delivery(delivery_id=delivery_id, by=request.user, at=now())
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))


@router.post("/deliveries/{delivery_id}/arrival", response=shapes.DeliveryOut, summary="Record the arrival")
def post_arrival(request: HttpRequest, response: HttpResponse, delivery_id: UUID, body: shapes.ArrivalIn) -> Any:
    """Record that the customer has the goods, and who took them; with a photo that was attached before."""
    delivery_out(response, delivery_id=delivery_id, by=request.user)
    deliver_goods(
        delivery_id=delivery_id, received_by=body.received_by, photo_id=body.photo_id, note=body.note,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, delivery_out(response, delivery_id=delivery_id, by=request.user))

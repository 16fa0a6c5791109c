"""Several orders in one shipment, by one call."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from niaga.core.clock import now
from niaga.sales.api.deed_schemas import ShipmentIn
from niaga.sales.services.ship_together import ship_together
from niaga.stock.queries.together import get_joint

router = Router(tags=["deliveries"])


class StayedOut(Schema):
    """A delivery that did not go along. `why`: the code of its credit's refusal, or `nothing_to_ship`."""

    delivery_id: UUID
    number: str
    why: str


class SentOut(Schema):
    """`is_joint`: at least two left, and travel together."""

    delivery_ids: list[UUID]
    stayed: list[StayedOut]
    is_joint: bool


@router.post("/joint-deliveries/{joint_id}/shipment", response=SentOut, summary="Ship what travels together")
def post_joint_shipment(request: HttpRequest, joint_id: UUID, body: ShipmentIn | None = None) -> Any:
    """All of it leaves in one deed, or just the named quantities of lines; what credit stops stays here."""
    get_joint(joint_id=joint_id, by=request.user)
    quantities = None if body is None or body.lines is None else {line.line_id: line.quantity for line in body.lines}
    sent = ship_together(joint_id=joint_id, quantities=quantities, by=request.user, at=now())
    stayed = [
        {"delivery_id": one.delivery_id, "number": one.number, "why": one.held.code if one.held else "nothing_to_ship"}
        for one in sent.stayed
    ]
    return Status(200, {"delivery_ids": list(sent.delivery_ids), "stayed": stayed, "is_joint": sent.is_joint})

"""Asking for the approval that a quotation or an order needs."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from niaga.approvals.api.router import approval_out
from niaga.approvals.api.schemas import ApprovalOut
from niaga.approvals.queries.requests import request_for, waiting_about
from niaga.core.api import expected_version
from niaga.core.clock import now
from niaga.sales.api.answers import order_answer
from niaga.sales.api.deed_schemas import AmendmentIn
from niaga.sales.api.schemas import OrderOut
from niaga.sales.queries.documents import get_order, get_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.apply_change import apply_change
from niaga.sales.services.ask_order_approval import ask_order_approval
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.selling_facts import Choice

router = Router(tags=["approvals"])


class ApprovalAskIn(Schema):
    note: str = Field("", max_length=1000)


@router.post(
    "/quotations/{quotation_id}/approvals", response={201: ApprovalOut}, summary="Ask for a quotation's approval"
)
def post_quotation_approval(request: HttpRequest, quotation_id: UUID, body: ApprovalAskIn | None = None) -> Any:
    """Ask those whom the rules name to let the offer be made as it is."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    note = body.note if body else ""
    key = ask_quotation_approval(quotation_id=quotation_id, note=note, by=request.user, at=now())
    return Status(201, _told(request, key))


@router.post("/orders/{order_id}/approvals", response={201: ApprovalOut}, summary="Ask for an order's approval")
def post_order_approval(request: HttpRequest, order_id: UUID, body: ApprovalAskIn | None = None) -> Any:
    """Ask those whom the rules name to let the order be confirmed as it is."""
    get_order(order_id=order_id, by=request.user)
    note = body.note if body else ""
    key = ask_order_approval(order_id=order_id, note=note, by=request.user, at=now())
    return Status(201, _told(request, key))


def _told(request: HttpRequest, key: UUID) -> dict[str, Any]:
    return approval_out(request_for(request_id=key, by=request.user, at=now()), request)


@router.post(
    "/orders/{order_id}/amendment-approvals", response={201: ApprovalOut}, summary="Ask for an amendment's approval"
)
def post_amendment_approval(request: HttpRequest, order_id: UUID, body: AmendmentIn) -> Any:
    """Ask those whom the rules name to let just this change of a confirmed order by. Nothing is changed yet: the
    change is kept as it is priced now, and made as you asked for it by the last yes."""
    get_order(order_id=order_id, by=request.user)
    amend_order(
        order_id=order_id, version=expected_version(request), lines=[line.to_input() for line in body.lines],
        planned_date=body.planned_date, requested_date=body.requested_date,
        note=body.note, customer_reference=body.customer_reference, reason=body.reason,
        choice=Choice(body.contact_id, body.delivery_address_id, body.billing_address_id), shortage=body.shortage,
        instead="ask", by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _told(request, waiting_about(subject_id=order_id)))


@router.post(
    "/orders/{order_id}/amendment-approvals/{approval_id}/amendment", response=OrderOut,
    summary="Make an approved amendment",
)  # fmt: skip
def post_approved_amendment(request: HttpRequest, response: HttpResponse, order_id: UUID, approval_id: UUID) -> Any:
    """Make a change that was approved and that something stood in the way of, as it was asked for. The last yes makes
    it by itself; this is for when it was refused then."""
    get_order(order_id=order_id, by=request.user)
    apply_change(order_id=order_id, request_id=approval_id, by=request.user, at=now())
    return Status(200, order_answer(response, get_order(order_id=order_id, by=request.user)))

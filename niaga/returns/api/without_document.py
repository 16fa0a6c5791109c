"""Goods without a document: what a customer ever bought, asking, the yes, and the order once it is found."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from niaga.core import clock
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.returns.api import schemas
from niaga.returns.api.answers import answer
from niaga.returns.queries.bought import history_of
from niaga.returns.queries.returns import see_return
from niaga.returns.services.ask_return_approval import ask_return_approval
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.link_return import link_return
from niaga.returns.services.request_undocumented import request_undocumented

router = Router(tags=["returns"])


@router.get(
    "/customers/{customer_id}/bought-goods", response=schemas.BoughtList, summary="List what a customer ever bought"
)
def list_bought(request: HttpRequest, customer_id: UUID) -> Any:
    """The goods that left for a customer, how much of them came back, and what would be credited for one without a
    document: the lowest price they paid, else the lowest that anybody paid, without tax."""
    access = access_of(request.user)
    access.require("return", "create")
    customer = customer_for(request.user, customer_id)
    company = access.current_company
    found = history_of(
        company_id=company.id, customer_id=customer.pk, currency=company.currency,
        today=clock.today(at=now(), zone=company.zone),
    )  # fmt: skip
    return {
        "items": [
            {**one.sold._asdict(), "returned": one.returned, "price": one.proposal.price,
             "price_basis": one.proposal.as_json()}
            for one in found
        ]
    }  # fmt: skip


@router.post("/undocumented-returns", response={201: schemas.ReturnOut}, summary="Ask for a return without a document")
def post_undocumented(request: HttpRequest, response: HttpResponse, body: schemas.UndocumentedIn) -> Any:
    """Ask that goods come back of which nobody knows the sale. Somebody else authorizes it, or those whom the approval
    rules name; no PPN is lessened unless its order is named before it is settled."""
    items = [
        UndocumentedItem(one.product_id, one.reason_id, one.quantity, one.unit, one.condition, one.price, one.note)
        for one in body.lines
    ]
    rma = request_undocumented(
        customer_id=body.customer_id, branch_id=body.branch_id, items=items, why=body.why, wish=body.wish,
        source="api", asked_by=body.asked_by, warehouse_id=body.warehouse_id, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, answer(request, response, rma.id))


@router.post("/returns/{return_id}/approval", response=schemas.ReturnOut, summary="Ask for the approval of a return")
def post_return_approval(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.AuthorizationIn | None = None
) -> Any:
    """Of one without a document whose request was taken back. It is asked for by itself when the return is."""
    see_return(return_id=return_id, by=request.user)
    ask_return_approval(return_id=return_id, note=body.note if body else "", by=request.user, at=now())
    return Status(200, answer(request, response, return_id))


@router.post("/returns/{return_id}/order", response=schemas.ReturnOut, summary="Name the order of a return")
def post_return_order(
    request: HttpRequest, response: HttpResponse, return_id: UUID, body: schemas.ReturnOrderIn
) -> Any:
    """The order of goods that came without a document was found: all of it is of that order from now on."""
    see_return(return_id=return_id, by=request.user)
    link_return(return_id=return_id, order_id=body.order_id, by=request.user, at=now())
    return Status(200, answer(request, response, return_id))

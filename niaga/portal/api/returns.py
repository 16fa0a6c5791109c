"""Asking that goods come back, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.portal.api import schemas
from niaga.portal.api.noted import noted
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.bought import order_of, return_of, returns_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.ask_return import ask_return
from niaga.returns.queries.returnable import returnable_lines
from niaga.returns.queries.returns import note_for_customer, reasons_of, return_lines
from niaga.returns.services.check_items import ReturnItem

router = Router()


@router.get("/returns", response=Page[schemas.PortalReturnRow], summary="List your returns")
def list_portal_returns(request: HttpRequest, query: Query[PageQuery]) -> Any:
    return page_of(returns_of(noted(request, "returns")), order=("-date", "-id"), query=query)


@router.get("/returns/{return_id}", response=schemas.PortalReturnOut, summary="Show one of your returns")
def read_portal_return(request: HttpRequest, return_id: UUID) -> Any:
    return _told(noted(request, "return", return_id), return_id)


@router.get(
    "/orders/{order_id}/returnable",
    response=schemas.PortalReturnableAnswer,
    summary="See what of an order may come back",
)
def read_returnable(request: HttpRequest, order_id: UUID) -> Any:
    """With the reasons to choose from. 404: the company takes no returns here."""
    visitor = noted(request, "order", order_id)
    order = order_of(visitor, order_id)
    if not portal_settings(visitor.company_id).takes_returns:
        raise NotFound()
    language = visitor.language if visitor.language in ("id", "en") else "id"
    return {
        "lines": [line for line in returnable_lines(order_id=order.pk) if line.room > 0],
        "reasons": [{"id": one.pk, "name": one.name(language)} for one in reasons_of(by=visitor.actor)],
    }


@router.post("/orders/{order_id}/returns", response={201: schemas.PortalReturnOut}, summary="Ask for a return")
def post_portal_return(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: schemas.PortalReturnIn
) -> Any:
    """Nothing is decided by asking: the company authorizes it or says why not."""
    visitor = request.auth  # type: ignore[attr-defined]
    items = [
        ReturnItem(one.order_line_id, one.reason_id, one.quantity, one.part_id, one.condition) for one in body.lines
    ]
    return_id = ask_return(
        visitor=visitor, order_id=order_id, items=items, wish=body.wish, note=body.note, files=(), at=now()
    )
    response["Location"] = f"/api/v1/portal/returns/{return_id}"
    return Status(201, _told(visitor, return_id))


def _told(visitor: Visitor, return_id: UUID) -> dict[str, Any]:
    found, lines = return_of(visitor, return_id), return_lines(return_id=return_id)
    row = {name: getattr(found, name) for name in schemas.PortalReturnRow.model_fields}
    shown = [
        {"product_id": line.product_id, "description": line.description, "quantity": line.quantity,
         "unit": line.unit.code if line.unit else "", "condition": line.condition}
        for line in lines
    ]  # fmt: skip
    return {**row, "note": note_for_customer(found, lines), "lines": shown}

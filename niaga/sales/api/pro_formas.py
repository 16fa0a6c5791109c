"""Pro-forma invoices of orders."""

from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from niaga.core.api import Amount, Number, Percent
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.sales.api.deed_schemas import LinkOut
from niaga.sales.models import ProForma
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.pro_formas import current_state, get_pro_forma, visible_pro_formas
from niaga.sales.services.make_pro_forma import make_pro_forma
from niaga.sales.services.send_pro_forma import send_pro_forma
from niaga.sales.services.share_pro_forma import share_pro_forma

router = Router(tags=["sales"])


class ProFormaIn(Schema):
    """For a down payment either `percent` of the order or an `amount` with its tax; without both all is asked for."""

    percent: Percent | None = None
    amount: Amount | None = Field(None, gt=0)
    valid_until: day | None = Field(None, description="Without it, as long as a quotation of today.")


class ProFormaSendingIn(Schema):
    to: list[str] = Field(min_length=1, max_length=10)
    message: str = Field("", max_length=4000)


class ProFormaRow(Schema):
    id: UUID
    number: str
    order_id: UUID
    replaces_id: UUID | None
    date: day
    valid_until: day
    currency: str
    total: Number
    tax_by_buyer: Number
    percent: Decimal | None
    pay_now: Number = Field(description="The down payment that is asked for, or all that is to be paid.")
    made_at: datetime


class ProFormaOut(ProFormaRow):
    state: str = Field(description="`valid`, `replaced`, `changed` (its order), `ended` (its order) or `expired`.")


class ProFormaList(Schema):
    items: list[ProFormaRow]


def _answer(response: HttpResponse, found: ProForma) -> ProForma:
    found.__dict__["state"] = current_state(found, today=day_at(at=now(), zone=found.order.branch.zone))
    response["Location"] = f"/api/v1/pro-formas/{found.id}"
    return found


@router.get("/orders/{order_id}/pro-formas", response=ProFormaList, summary="List the pro-formas of an order")
def list_pro_formas(request: HttpRequest, order_id: UUID) -> Any:
    """The latest first; it is the one that holds."""
    get_order(order_id=order_id, by=request.user)
    return {"items": list(visible_pro_formas(by=request.user).filter(order_id=order_id).order_by("-position"))}


@router.post("/orders/{order_id}/pro-formas", response={201: ProFormaOut}, summary="Make a pro-forma of an order")
def post_pro_forma(request: HttpRequest, response: HttpResponse, order_id: UUID, body: ProFormaIn | None = None) -> Any:
    """Put down what is to be paid of an order before it is invoiced; it replaces the one before. Its PDF is at
    `/papers/pro_forma/{id}`."""
    get_order(order_id=order_id, by=request.user)
    asked = body.dict() if body else {}
    made = make_pro_forma(order_id=order_id, **asked, by=request.user, at=now())
    return Status(201, _answer(response, get_pro_forma(pro_forma_id=made.id, by=request.user)))


@router.get("/pro-formas/{pro_forma_id}", response=ProFormaOut, summary="Show a pro-forma")
def read_pro_forma(request: HttpRequest, response: HttpResponse, pro_forma_id: UUID) -> Any:
    return _answer(response, get_pro_forma(pro_forma_id=pro_forma_id, by=request.user))


@router.post("/pro-formas/{pro_forma_id}/sending", response=ProFormaOut, summary="Send a pro-forma")
def post_pro_forma_sending(
    request: HttpRequest, response: HttpResponse, pro_forma_id: UUID, body: ProFormaSendingIn
) -> Any:
    """Mail it with its PDF and a link."""
    send_pro_forma(pro_forma_id=pro_forma_id, to=body.to, message=body.message, by=request.user, at=now())
    return Status(200, _answer(response, get_pro_forma(pro_forma_id=pro_forma_id, by=request.user)))


@router.post("/pro-formas/{pro_forma_id}/links", response={201: LinkOut}, summary="Make a pro-forma's link")
def post_pro_forma_link(request: HttpRequest, pro_forma_id: UUID) -> Any:
    """A new link to the customer's page."""
    get_pro_forma(pro_forma_id=pro_forma_id, by=request.user)
    return Status(201, {"url": share_pro_forma(pro_forma_id=pro_forma_id, by=request.user, at=now())})

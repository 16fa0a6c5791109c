"""Drop-ships: goods that suppliers send straight to customers."""

from collections.abc import Iterable, Mapping
from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Number, Page, PageQuery, PositiveQuantity, Price, etag, expected_version, named_once, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.sales.api.answers import order_answer
from niaga.sales.api.schemas import OrderOut
from niaga.sales.models import DropShip
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.drop_ships import drop_ship_lines, get_drop_ship, sendings_of, visible_drop_ships
from niaga.sales.rules.drop_ship import left_of
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.choose_supply import choose_supply
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.send_drop_ship import send_drop_ship
from niaga.sales.services.supply_directly import supply_directly
from niaga.stock.api.schemas import LotIn
from niaga.stock.services.check_lines import LotGiven

router = Router(tags=["drop-ships"])


class DropShipQuery(PageQuery):
    status: Literal["asked", "sent", "confirmed", "shipped", "cancelled"] | None = None
    supplier_id: UUID | None = None
    order_id: UUID | None = None


class DropShipRow(Schema):
    id: UUID
    number: str
    status: str
    order_id: UUID
    customer_id: UUID
    supplier_id: UUID
    promised_date: day = Field(description="What the supplier said; until then what is usual.")
    supplier_reference: str
    sent_at: datetime | None
    confirmed_at: datetime | None
    version: int
    created_at: datetime


class DropShipLineOut(Schema):
    """In the order line's unit."""

    id: UUID
    order_line_id: UUID
    product_id: UUID | None
    quantity: Number
    shipped: Number
    cancelled: Number
    left: Number
    code: str = Field(description="What the supplier calls it.")
    unit_cost: Decimal | None = Field(description="Agreed, of one base unit; for who may see costs.")

    @staticmethod
    def resolve_product_id(row: Any) -> UUID | None:
        found: UUID | None = row.order_line.product_id
        return found

    @staticmethod
    def resolve_left(row: Any) -> Decimal:
        return left_of(row)

    @staticmethod
    def resolve_unit_cost(row: Any, context: Any) -> Decimal | None:
        return row.unit_cost if access_of(context["request"].user).sees_cost else None


class DropShipOut(DropShipRow):
    address: dict[str, Any]
    lines: list[DropShipLineOut] = Field(validation_alias="line_rows")
    delivery_ids: list[UUID]


class SupplierRequestIn(Schema):
    """Lines of the order and how much of each the supplier shall send, in its unit."""

    supplier_id: UUID
    lines: list["RequestedLine"] = Field(min_length=1, max_length=10_000)

    each_once = named_once("lines", "line_id")


class RequestedLine(Schema):
    line_id: UUID
    quantity: PositiveQuantity


class SupplyChoicesIn(Schema):
    lines: list["SupplyChoiceIn"] = Field(min_length=1, max_length=10_000)

    each_once = named_once("lines", "line_id")


class SupplyChoiceIn(Schema):
    line_id: UUID
    supplier_id: UUID | None = Field(None, description="Null: from our own stock.")


class DropShipSendingIn(Schema):
    to: list[str] = Field(default_factory=list, max_length=10, description="None: it was handed over otherwise.")
    message: str = Field("", max_length=4_000)


class DropShipConfirmationIn(Schema):
    promised_date: day
    reference: str = Field("", max_length=60)


class SentLine(Schema):
    """What was sent of a line, in the order line's unit; `unit_cost` of a base unit."""

    line_id: UUID
    quantity: PositiveQuantity
    unit_cost: Price | None = None
    lots: list[LotIn] = Field(default_factory=list, max_length=500)


class DropShipmentIn(Schema):
    """Without `lines` all that is left was sent. With `is_last` the supplier sends nothing more."""

    lines: list[SentLine] | None = Field(None, min_length=1, max_length=10_000)
    carrier: str = Field("", max_length=80)
    tracking: str = Field("", max_length=80)
    reference: str = Field("", max_length=60, description="The supplier's delivery note or invoice.")
    note: str = Field("", max_length=2_000)
    is_last: bool = False

    each_once = named_once("lines", "line_id")


class DropShipReasonIn(Schema):
    reason: str = Field("", max_length=200)


SupplierRequestIn.model_rebuild()
SupplyChoicesIn.model_rebuild()


def _answer(response: HttpResponse, drop_ship_id: UUID, request: HttpRequest) -> DropShip:
    found = get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    found.__dict__["line_rows"] = drop_ship_lines(found.id)
    found.__dict__["delivery_ids"] = [one.delivery_id for one in sendings_of(found.id)]
    response["Location"] = f"/api/v1/drop-ships/{found.id}"
    response["ETag"] = etag(found.version)
    return found


def _lots(lines: Iterable[SentLine]) -> dict[UUID, list[LotGiven]]:
    """By line; a lot alone in its row and without a quantity is all of the row."""
    found: dict[UUID, list[LotGiven]] = {}
    for line in lines:
        for lot in line.lots:
            is_all = lot.quantity is None and len(line.lots) == 1
            given = lot.dict() | ({"quantity": line.quantity} if is_all else {})
            found.setdefault(line.line_id, []).append(LotGiven(**given))
    return found


@router.get("/drop-ships", response=Page[DropShipRow], summary="List drop-ships")
def list_drop_ships(request: HttpRequest, query: Query[DropShipQuery]) -> Any:
    """What suppliers are asked to send straight to customers, the newest first."""
    access_of(request.user).require("delivery", "view")
    named: Mapping[str, Any] = {"status": query.status, "supplier_id": query.supplier_id, "order_id": query.order_id}
    rows = visible_drop_ships(by=request.user).filter(**{key: value for key, value in named.items() if value})
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.get("/drop-ships/{drop_ship_id}", response=DropShipOut, summary="Show a drop-ship")
def read_drop_ship(request: HttpRequest, response: HttpResponse, drop_ship_id: UUID) -> Any:
    """Its paper is at `/papers/drop_ship/{id}`."""
    return _answer(response, drop_ship_id, request)


@router.put("/orders/{order_id}/supply", response=OrderOut, summary="Choose how lines of a draft order are supplied")
def put_supply_choices(request: HttpRequest, response: HttpResponse, order_id: UUID, body: SupplyChoicesIn) -> Any:
    """Whatever their products say; it holds when the order is confirmed."""
    get_order(order_id=order_id, by=request.user)
    choices = {line.line_id: line.supplier_id for line in body.lines}
    choose_supply(order_id=order_id, choices=choices, by=request.user, at=now())
    return order_answer(response, get_order(order_id=order_id, by=request.user))


@router.post("/orders/{order_id}/drop-ships", response={201: DropShipOut}, summary="Ask a supplier to send goods")
def post_drop_ship(request: HttpRequest, response: HttpResponse, order_id: UUID, body: SupplierRequestIn) -> Any:
    """Lines of a confirmed order go straight from the supplier to the customer; what stock held for them is free."""
    get_order(order_id=order_id, by=request.user)
    made = supply_directly(
        order_id=order_id, supplier_id=body.supplier_id,
        quantities={line.line_id: line.quantity for line in body.lines}, by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _answer(response, made, request))


@router.post("/drop-ships/{drop_ship_id}/sending", response=DropShipOut, summary="Send a drop-ship's request")
def post_drop_ship_sending(
    request: HttpRequest, response: HttpResponse, drop_ship_id: UUID, body: DropShipSendingIn
) -> Any:
    """Mail it to the supplier, or note that it was handed over."""
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    send_drop_ship(drop_ship_id=drop_ship_id, to=body.to, message=body.message, by=request.user, at=now())
    return _answer(response, drop_ship_id, request)


@router.post("/drop-ships/{drop_ship_id}/confirmation", response=DropShipOut, summary="Note the supplier's day")
def post_drop_ship_confirmation(
    request: HttpRequest, response: HttpResponse, drop_ship_id: UUID, body: DropShipConfirmationIn
) -> Any:
    """The supplier said yes, or another day. The day promised to the customer stays until the order is rescheduled."""
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    confirm_drop_ship(
        drop_ship_id=drop_ship_id, promised_date=body.promised_date, reference=body.reference,
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return _answer(response, drop_ship_id, request)


@router.post("/drop-ships/{drop_ship_id}/shipments", response={201: DropShipOut}, summary="Record what a supplier sent")
def post_drop_shipment(
    request: HttpRequest, response: HttpResponse, drop_ship_id: UUID, body: DropShipmentIn | None = None
) -> Any:
    """It is received at its cost and delivered, at once; no stock of ours is touched."""
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    given = body or DropShipmentIn(lines=None, carrier="", tracking="", reference="", note="")
    lines = given.lines or []
    record_drop_shipment(
        drop_ship_id=drop_ship_id, by=request.user, at=now(),
        sent=Sent(
            quantities=None if given.lines is None else {line.line_id: line.quantity for line in lines},
            unit_costs={line.line_id: line.unit_cost for line in lines if line.unit_cost is not None},
            lots=_lots(lines),
            carrier=given.carrier, tracking=given.tracking, reference=given.reference, note=given.note,
            is_last=given.is_last,
        ),
    )  # fmt: skip
    return Status(201, _answer(response, drop_ship_id, request))


@router.post("/drop-ships/{drop_ship_id}/cancellation", response=DropShipOut, summary="Cancel a drop-ship")
def post_drop_ship_cancellation(
    request: HttpRequest, response: HttpResponse, drop_ship_id: UUID, body: DropShipReasonIn | None = None
) -> Any:
    """What was not sent is asked of our own stock again: held as far as some is free, the rest waits."""
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    cancel_drop_ship(
        drop_ship_id=drop_ship_id, reason=body.reason if body else "", version=expected_version(request),
        by=request.user, at=now(),
    )  # fmt: skip
    return _answer(response, drop_ship_id, request)

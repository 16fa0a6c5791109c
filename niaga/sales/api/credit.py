"""Orders that their customer's credit holds: asking finance, and its answer."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Amount, Number, Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.sales.models import CreditRequest
from niaga.sales.queries.credit import (
    narrow_by_state,
    queue_rows,
    request_for,
    standing_of,
    state_of,
    visible_requests,
)
from niaga.sales.queries.documents import get_order
from niaga.sales.services.ask_delivery_release import ask_delivery_release
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.refuse_release import refuse_release
from niaga.sales.services.release_order import release_order
from niaga.stock.queries.deliveries import get_delivery

router = Router(tags=["credit"])


class CreditRequestQuery(PageQuery):
    state: Literal["open", "released", "refused"] | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None


class CreditRequestIn(Schema):
    """`amount`: the total that a confirmed order shall be amended to; without one, the order as it is."""

    amount: Amount | None = Field(None, gt=0)
    note: str = Field("", max_length=1000)


class DeliveryRequestIn(Schema):
    note: str = Field("", max_length=1000)


class ReleaseIn(Schema):
    """`amount`: up to which total of the order; without one, what was asked for."""

    reason: str = Field(min_length=1, max_length=1000)
    amount: Amount | None = Field(None, gt=0)


class RefusalIn(Schema):
    reason: str = Field(min_length=1, max_length=1000)


class CreditRequestOut(Schema):
    """A request with the customer's standing today. `waits_for`: `on_hold`, `overdue`, `over_limit`; empty when
    nothing stands against the order any more. `state`: `open`, `released`, `refused`, or `passed` when the order no
    longer needs an answer. `amount` is in the order's `currency`; limit, exposure and `over_by` are in the company's
    own, `credit_currency`."""

    id: UUID
    stage: Literal["confirm", "amend", "ship"]
    state: Literal["open", "released", "refused", "passed"]
    order_id: UUID
    delivery_id: UUID | None
    customer_id: UUID
    currency: str
    amount: Number
    note: str
    asked_by_id: UUID | None
    at: datetime
    credit_currency: str
    limit: Number | None
    exposure: Number
    over_by: Number
    waits_for: list[str]
    overdue_invoice_id: UUID | None
    overdue_days: int
    released_up_to: Number | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    reason: str


def _out(row: Any) -> dict[str, Any]:
    standing = standing_of(row, today=row.today)
    decision = getattr(row, "decision", None)
    names = ("id", "stage", "order_id", "delivery_id", "customer_id", "currency", "amount", "note", "asked_by_id", "at")
    return {
        **{name: getattr(row, name) for name in names},
        "state": state_of(row), "credit_currency": standing.figures.currency,
        "limit": standing.figures.limit, "exposure": standing.figures.exposure,
        "over_by": standing.over_by(row.more), "waits_for": standing.waits(more=row.more, total=row.amount),
        "overdue_invoice_id": standing.overdue.invoice_id if standing.overdue and standing.late_days else None,
        "overdue_days": standing.late_days,
        "released_up_to": decision.amount if decision and decision.released else None,
        "decided_by_id": decision.decided_by_id if decision else None,
        "decided_at": decision.at if decision else None, "reason": decision.reason if decision else "",
    }  # fmt: skip


def _today(request: HttpRequest) -> Any:
    return day_at(at=now(), zone=access_of(request.user).current_company.zone)


def _shown(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    return _out(request_for(request_id=request_id, by=request.user, today=_today(request)))


@router.get("/credit-requests", response=Page[CreditRequestOut], summary="List credit requests")
def list_credit_requests(request: HttpRequest, query: Query[CreditRequestQuery]) -> Any:
    """What finance was asked about orders that you may see, the newest first."""
    access_of(request.user).require("order", "view")
    rows = narrow_by_state(visible_requests(by=request.user), query.state)
    for name in ("order_id", "customer_id"):
        if value := getattr(query, name):
            rows = rows.filter(**{name: value})
    page = page_of(queue_rows(rows, today=_today(request)), order=("-at", "-id"), query=query)
    return {**page, "items": [_out(row) for row in page["items"]]}


@router.get("/credit-requests/{credit_request_id}", response=CreditRequestOut, summary="Show a credit request")
def read_credit_request(request: HttpRequest, credit_request_id: UUID) -> Any:
    return _shown(request, credit_request_id)


@router.post("/orders/{order_id}/credit-requests", response={201: CreditRequestOut}, summary="Ask to release an order")
def post_credit_request(request: HttpRequest, order_id: UUID, body: CreditRequestIn | None = None) -> Any:
    """Ask finance to let an order by that the customer's limit, a hold or an overdue invoice stops."""
    given = body or CreditRequestIn(amount=None, note="")
    get_order(order_id=order_id, by=request.user)
    asked = ask_release(order_id=order_id, amount=given.amount, note=given.note, by=request.user, at=now())
    return Status(201, _shown(request, asked.pk))


@router.post(
    "/deliveries/{delivery_id}/credit-requests", response={201: CreditRequestOut}, summary="Ask to release a delivery"
)
def post_delivery_credit_request(request: HttpRequest, delivery_id: UUID, body: DeliveryRequestIn | None = None) -> Any:
    """Ask finance to let a delivery leave that the customer's credit stops."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    note = body.note if body else ""
    asked = ask_delivery_release(delivery_id=delivery_id, note=note, by=request.user, at=now())
    return Status(201, _asked(asked, request))


def _asked(asked: CreditRequest, request: HttpRequest) -> dict[str, Any]:
    """A request as its asker is told, who may perhaps not see the order."""
    rows = queue_rows(CreditRequest.objects.filter(pk=asked.pk), today=_today(request))
    return _out(rows.get())


@router.post(
    "/credit-requests/{credit_request_id}/release", response=CreditRequestOut, summary="Release an order held by credit"
)
def post_release(request: HttpRequest, credit_request_id: UUID, body: ReleaseIn) -> Any:
    """Let this one order by, up to an amount, for confirming and shipping. Never your own order."""
    release_order(
        request_id=credit_request_id, reason=body.reason, amount=body.amount, by=request.user, at=now()
    )  # fmt: skip
    return _shown(request, credit_request_id)


@router.post(
    "/credit-requests/{credit_request_id}/refusal", response=CreditRequestOut, summary="Refuse a credit request"
)
def post_refusal(request: HttpRequest, credit_request_id: UUID, body: RefusalIn) -> Any:
    """Say no, with the reason. The order stays as it is."""
    refuse_release(request_id=credit_request_id, reason=body.reason, by=request.user, at=now())
    return _shown(request, credit_request_id)

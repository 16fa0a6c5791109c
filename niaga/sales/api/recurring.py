"""Recurring plans: what is billed again and again."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from niaga.core.api import Number, Page, PageQuery, Percent, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.sales.api.answers import branch_of
from niaga.sales.api.schemas import LineIn
from niaga.sales.models import RecurringPeriod, RecurringPlan
from niaga.sales.queries.recurring import get_plan, periods_of, state_of, visible_plans
from niaga.sales.rules.recurring import MOST_EVERY
from niaga.sales.services.end_plan import end_plan
from niaga.sales.services.forecast_plan import forecast_plan
from niaga.sales.services.pause_plan import pause_plan
from niaga.sales.services.plan_terms import MOST_PERIODS, PlanTerms
from niaga.sales.services.price_plan import MOST_LINES
from niaga.sales.services.resume_plan import resume_plan
from niaga.sales.services.save_plan import save_plan

router = Router(tags=["invoices"])


class RecurringPlanIn(Schema):
    """`day` of the month (31 is its last) or of the week (1 is Monday). A line without a price goes by the list."""

    customer_id: UUID
    name: str = Field(min_length=1, max_length=80)
    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)
    start: dt.date
    unit: Literal["week", "month", "year"] = "month"
    every: int = Field(1, ge=1, le=MOST_EVERY)
    day: int = Field(1, ge=1, le=31)
    end: dt.date | None = None
    count: int | None = Field(None, ge=1, le=MOST_PERIODS)
    in_arrears: bool = False
    pro_rata: bool = True
    shifts: bool = Field(False, description="Past week-ends and public holidays.")
    raise_percent: Percent = Decimal(0)
    text: str = Field("", max_length=200, description="With {periode}, {produk}, {awal}, {akhir}, {nomor}.")
    note: str = Field("", max_length=2000)
    customer_reference: str = Field("", max_length=60)
    issues: bool = Field(False, description="Issued at once; else each is a draft.")
    mails: bool = False

    def terms(self) -> PlanTerms:
        return PlanTerms(**{name: getattr(self, name) for name in PlanTerms.__slots__})


class NewRecurringPlan(RecurringPlanIn):
    branch_id: UUID | None = None
    order_id: UUID | None = Field(None, description="The order it is written from.")


class RecurringPlanOut(Schema):
    id: UUID
    customer_id: UUID
    branch_id: UUID
    order_id: UUID | None
    name: str
    status: str = Field(description="`active`, `paused` or `ended`.")
    lines: list[dict[str, Any]]
    currency: str
    total: Number = Field(description="Of a whole period, by the prices of the day when it was saved.")
    start: dt.date
    unit: str
    every: int
    day: int
    end: dt.date | None
    count: int | None
    in_arrears: bool
    pro_rata: bool
    shifts: bool
    raise_percent: Number
    text: str
    note: str
    customer_reference: str
    issues: bool
    mails: bool
    next_number: int
    next_date: dt.date | None
    version: int


class RecurringPeriodOut(Schema):
    number: int
    first: dt.date
    last: dt.date
    bill_date: dt.date
    state: str = Field(description="`left_out`, `waiting` (with `reason`), `draft`, `invoiced`, `discarded`, `aside`.")
    reason: str
    order_id: UUID | None
    invoice_id: UUID | None

    @staticmethod
    def resolve_state(row: RecurringPeriod) -> str:
        return state_of(row)

    @staticmethod
    def resolve_reason(row: RecurringPeriod) -> str:
        return row.cause.reason if row.cause else ""

    @staticmethod
    def resolve_invoice_id(row: RecurringPeriod) -> UUID | None:
        return row.cause.invoice_id if row.cause else None


class ComingPeriod(Schema):
    number: int
    first: dt.date
    last: dt.date
    bill_date: dt.date
    text: str
    total: Number


class Forecast(Schema):
    items: list[ComingPeriod]


def _answer(response: HttpResponse, plan: RecurringPlan) -> RecurringPlan:
    response["ETag"] = etag(plan.version)
    response["Location"] = f"/api/v1/recurring-plans/{plan.pk}"
    return plan


@router.get("/recurring-plans", response=Page[RecurringPlanOut], summary="List recurring plans")
def list_recurring_plans(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Those of customers whose invoices you may see, the newest first."""
    access_of(request.user).require("invoice", "view")
    return page_of(visible_plans(by=request.user), order=("-created_at", "-id"), query=query)


@router.post("/recurring-plans", response={201: RecurringPlanOut}, summary="Bill a customer again and again")
def post_recurring_plan(request: HttpRequest, response: HttpResponse, body: NewRecurringPlan) -> Any:
    """Services only: goods from stock are sold by an order."""
    plan = save_plan(
        customer_id=body.customer_id, branch_id=branch_of(request, body.branch_id), order_id=body.order_id,
        lines=[line.to_input() for line in body.lines], terms=body.terms(), by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, _answer(response, plan))


@router.get("/recurring-plans/{recurring_plan_id}", response=RecurringPlanOut, summary="Show a recurring plan")
def read_recurring_plan(request: HttpRequest, response: HttpResponse, recurring_plan_id: UUID) -> Any:
    return _answer(response, get_plan(plan_id=recurring_plan_id, by=request.user))


@router.put("/recurring-plans/{recurring_plan_id}", response=RecurringPlanOut, summary="Change a recurring plan")
def put_recurring_plan(
    request: HttpRequest, response: HttpResponse, recurring_plan_id: UUID, body: RecurringPlanIn
) -> Any:
    """From the next period on. `If-Match` refuses when somebody saved in between."""
    plan = get_plan(plan_id=recurring_plan_id, by=request.user)
    saved = save_plan(
        plan_id=plan.pk, version=expected_version(request), customer_id=body.customer_id, branch_id=plan.branch_id,
        lines=[line.to_input() for line in body.lines], terms=body.terms(), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, _answer(response, saved))


@router.get(
    "/recurring-plans/{recurring_plan_id}/periods", response=Page[RecurringPeriodOut], summary="List what a plan billed"
)
def list_recurring_periods(request: HttpRequest, recurring_plan_id: UUID, query: Query[PageQuery]) -> Any:
    """The latest first, each with its invoice or with why it waits."""
    plan = get_plan(plan_id=recurring_plan_id, by=request.user)
    return page_of(periods_of(plan=plan), order=("-number", "-id"), query=query)


@router.get("/recurring-plans/{recurring_plan_id}/forecast", response=Forecast, summary="Tell what a plan will bill")
def read_recurring_forecast(request: HttpRequest, recurring_plan_id: UUID) -> Any:
    """Its next twelve periods, by today's price list and tax."""
    plan = get_plan(plan_id=recurring_plan_id, by=request.user)
    names = ("number", "first", "last", "bill_date")
    return {
        "items": [
            {**{name: getattr(one.span, name) for name in names}, "text": one.text, "total": one.total}
            for one in forecast_plan(plan=plan, at=now())
        ]
    }


@router.post("/recurring-plans/{recurring_plan_id}/pause", response=RecurringPlanOut, summary="Pause a recurring plan")
def post_recurring_pause(request: HttpRequest, response: HttpResponse, recurring_plan_id: UUID) -> Any:
    return Status(200, _answer(response, pause_plan(plan_id=recurring_plan_id, by=request.user, at=now())))


@router.post(
    "/recurring-plans/{recurring_plan_id}/resumption", response=RecurringPlanOut, summary="Resume a recurring plan"
)
def post_recurring_resumption(request: HttpRequest, response: HttpResponse, recurring_plan_id: UUID) -> Any:
    """Periods whose day went by while it was paused are left out."""
    return Status(200, _answer(response, resume_plan(plan_id=recurring_plan_id, by=request.user, at=now())))


@router.post("/recurring-plans/{recurring_plan_id}/end", response=RecurringPlanOut, summary="End a recurring plan")
def post_recurring_end(request: HttpRequest, response: HttpResponse, recurring_plan_id: UUID) -> Any:
    """For good; what it billed stays."""
    return Status(200, _answer(response, end_plan(plan_id=recurring_plan_id, by=request.user, at=now())))

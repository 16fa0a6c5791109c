"""Reminders: plans, what stops them, calls to make, and what they brought in."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from niaga.core.api import Amount, Page, PageQuery, WallTime, page_of
from niaga.core.clock import now, today
from niaga.invoicing.queries.call_list import call_list
from niaga.invoicing.queries.collection import dispute_for, disputes
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.level_yield import level_yield
from niaga.invoicing.queries.reminder_plans import reminder_plan, reminder_plans
from niaga.invoicing.rules.reminder_levels import EARLIEST, LATEST, MOST_LEVELS
from niaga.invoicing.rules.usual_levels import LevelInput
from niaga.invoicing.services.log_call import log_call
from niaga.invoicing.services.pause_reminders import pause_reminders, resume_reminders
from niaga.invoicing.services.promise_payment import MOST_INVOICES, promise_payment
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.save_reminder_plan import MOST_CLOSED_DAYS, PlanInput, save_reminder_plan
from niaga.invoicing.services.settle_dispute import settle_dispute
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for

router = Router(tags=["reminders"])


class LevelWords(Schema):
    """A mail with placeholders such as `{{customer.name}}`."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field("", max_length=200)
    text: str = Field("", max_length=5000)


class LevelIn(Schema):
    """`days` after the due day, below zero before it. `id` keeps who passed it."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    days: int = Field(ge=EARLIEST, le=LATEST)
    by_email: bool = True
    by_whatsapp: bool = False
    by_call: bool = False
    whatsapp_template: str = Field("", max_length=120)
    words: dict[Literal["id", "en"], LevelWords] = {}


class PlanIn(Schema):
    """Without `group_id` for all customers whose group has no plan."""

    model_config = ConfigDict(extra="forbid")

    group_id: UUID | None = None
    is_active: bool = False
    minimum: Amount = Field(Decimal(0), ge=0)
    gathers: bool = True
    send_from: WallTime = dt.time(9)
    send_until: WallTime = dt.time(17)
    on_weekends: bool = False
    closed_days: list[dt.date] = Field([], max_length=MOST_CLOSED_DAYS)
    levels: list[LevelIn] = Field(min_length=1, max_length=MOST_LEVELS)


class PlanRow(Schema):
    id: UUID
    group_id: UUID | None
    is_active: bool
    minimum: Amount
    gathers: bool
    send_from: WallTime
    send_until: WallTime
    on_weekends: bool
    closed_days: list[dt.date]


class PlanOut(PlanRow):
    levels: list[LevelIn]

    @staticmethod
    def resolve_levels(plan: Any) -> Any:
        return plan.steps


class DisputeIn(Schema):
    """Without `amount` all of the invoice."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2000)
    amount: Amount | None = Field(None, gt=0)
    raised_by_name: str = Field("", max_length=120)


class DisputeOut(Schema):
    id: UUID
    invoice_id: UUID
    customer_id: UUID
    amount: Amount | None
    reason: str
    raised_by_name: str
    raised_at: dt.datetime
    settled_at: dt.datetime | None
    settlement: str


class DisputeQuery(PageQuery):
    customer_id: UUID | None = None
    open: bool | None = None


class SettlementIn(Schema):
    model_config = ConfigDict(extra="forbid")

    settlement: str = Field(min_length=1, max_length=2000)


class PromiseIn(Schema):
    """Without `amount` all that is open of the invoices."""

    model_config = ConfigDict(extra="forbid")

    invoice_ids: list[UUID] = Field(min_length=1, max_length=MOST_INVOICES)
    until: dt.date
    amount: Amount | None = Field(None, gt=0)
    promised_by_name: str = Field("", max_length=120)
    note: str = Field("", max_length=2000)


class MadeOut(Schema):
    id: UUID


class PauseIn(Schema):
    """Without `until` until it is ended."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)
    until: dt.date | None = None


class PausedOut(Schema):
    customer_id: UUID
    paused: bool


class CallIn(Schema):
    """Promised needs `until`; disputed names the one invoice, and `note` says why."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    outcome: Literal["no_answer", "promised", "disputed", "wrong_number", "spoken"]
    note: str = Field("", max_length=2000)
    next_call: dt.date | None = None
    until: dt.date | None = None
    amount: Amount | None = Field(None, gt=0)
    invoice_ids: list[UUID] = Field([], max_length=MOST_INVOICES)


class CallRow(Schema):
    """`overdue` in the company's own currency; `broken`: a promise was not kept."""

    customer_id: UUID
    currency: str
    overdue: Amount
    invoices: int
    days_late: int
    broken: bool
    last_call_at: dt.datetime | None
    last_outcome: str | None
    next_call_date: dt.date | None


class YieldQuery(PageQuery):
    within: int = Field(7, ge=1, le=90, description="Days after a reminder in which a payment counts for it.")


class YieldRow(Schema):
    """`sent`: parts of invoices that were told; `answered`: those on whose invoice money came in time."""

    level_id: UUID
    month: dt.date
    days: int
    sent: int
    answered: int
    open: Amount
    money: Amount
    currency: str


@router.get("/reminder-plans", response=Page[PlanRow], summary="List reminder plans")
def list_reminder_plans(request: HttpRequest, query: Query[PageQuery]) -> Any:
    return page_of(reminder_plans(by=request.user), order=("id",), query=query)


@router.get("/reminder-plans/{reminder_plan_id}", response=PlanOut, summary="Show a reminder plan")
def read_reminder_plan(request: HttpRequest, reminder_plan_id: UUID) -> Any:
    return reminder_plan(plan_id=reminder_plan_id, by=request.user)


def _plan(body: PlanIn) -> PlanInput:
    facts = body.dict(exclude={"levels"})
    return PlanInput(**facts, levels=[LevelInput(**one.dict()) for one in body.levels])


@router.post("/reminder-plans", response={201: PlanOut}, summary="Write a reminder plan")
def post_reminder_plan(request: HttpRequest, response: HttpResponse, body: PlanIn) -> Any:
    """How customers of a group are reminded. Nothing is sent until it is active."""
    here = access_of(request.user).current_company
    key = save_reminder_plan(company_id=here.id, plan=_plan(body), by=request.user, at=now())
    response["Location"] = f"/api/v1/reminder-plans/{key}"
    return Status(201, reminder_plan(plan_id=key, by=request.user))


@router.put("/reminder-plans/{reminder_plan_id}", response=PlanOut, summary="Change a reminder plan")
def put_reminder_plan(request: HttpRequest, reminder_plan_id: UUID, body: PlanIn) -> Any:
    """The whole plan. Levels that are not named by their id are put away; what they told is kept."""
    reminder_plan(plan_id=reminder_plan_id, by=request.user)
    here = access_of(request.user).current_company
    save_reminder_plan(company_id=here.id, plan_id=reminder_plan_id, plan=_plan(body), by=request.user, at=now())
    return reminder_plan(plan_id=reminder_plan_id, by=request.user)


@router.get("/disputes", response=Page[DisputeOut], summary="List disputes")
def list_disputes(request: HttpRequest, query: Query[DisputeQuery]) -> Any:
    """What customers do not agree with, the newest first."""
    access_of(request.user).require("invoice", "view")
    rows = disputes(by=request.user)
    if query.customer_id:
        rows = rows.filter(customer_id=query.customer_id)
    if query.open is not None:
        rows = rows.filter(settled_at__isnull=query.open)
    return page_of(rows, order=("-raised_at", "-id"), query=query)


@router.post("/invoices/{invoice_id}/disputes", response={201: DisputeOut}, summary="Note a dispute")
def post_dispute(request: HttpRequest, invoice_id: UUID, body: DisputeIn) -> Any:
    """The customer does not agree: nobody reminds of the invoice until it is settled."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    key = raise_dispute(invoice_id=invoice_id, by=request.user, at=now(), **body.dict())
    return Status(201, disputes(by=request.user).get(pk=key))


@router.post("/disputes/{dispute_id}/settlement", response=DisputeOut, summary="Settle a dispute")
def post_dispute_settlement(request: HttpRequest, dispute_id: UUID, body: SettlementIn) -> Any:
    """What was agreed. What is left of the invoice is reminded of again."""
    dispute_for(dispute_id=dispute_id, by=request.user)
    settle_dispute(dispute_id=dispute_id, settlement=body.settlement, by=request.user, at=now())
    return Status(200, disputes(by=request.user).get(pk=dispute_id))


@router.post("/payment-promises", response={201: MadeOut}, summary="Note a promise to pay")
def post_promise(request: HttpRequest, body: PromiseIn) -> Any:
    """Nobody reminds of these invoices until the day is over; when it was not kept, the next level is due at once."""
    return Status(201, {"id": promise_payment(by=request.user, at=now(), **body.dict())})


@router.post("/customers/{customer_id}/reminder-pause", response=PausedOut, summary="Pause a customer's reminders")
def post_reminder_pause(request: HttpRequest, customer_id: UUID, body: PauseIn) -> Any:
    customer_for(request.user, customer_id)
    pause_reminders(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return Status(200, {"customer_id": customer_id, "paused": True})


@router.post("/customers/{customer_id}/reminder-resumption", response=PausedOut, summary="Remind a customer again")
def post_reminder_resumption(request: HttpRequest, customer_id: UUID) -> Any:
    customer_for(request.user, customer_id)
    resume_reminders(customer_id=customer_id, by=request.user, at=now())
    return Status(200, {"customer_id": customer_id, "paused": False})


@router.get("/calls-to-make", response=Page[CallRow], summary="List calls to make")
def list_calls(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Who is to be called today about what they owe, the largest sum first."""
    access = access_of(request.user)
    access.require("invoice", "send")
    day = today(at=now(), zone=access.current_company.zone)
    return page_of(call_list(by=request.user, day=day), order=("-overdue", "customer"), query=query)


@router.post("/calls", response={201: MadeOut}, summary="Note a call")
def post_call(request: HttpRequest, body: CallIn) -> Any:
    """A call to a customer about what they owe, and what came of it: a promise or a dispute is written too."""
    here = access_of(request.user).current_company
    return Status(201, {"id": log_call(company_id=here.id, by=request.user, at=now(), **body.dict())})


@router.get("/reminder-results", response=Page[YieldRow], summary="What reminders brought in")
def list_reminder_results(request: HttpRequest, query: Query[YieldQuery]) -> Any:
    """By level and month; money counts for the last reminder before it."""
    access_of(request.user).require("invoice", "view")
    return page_of(level_yield(by=request.user, within=query.within), order=("-month", "id"), query=query)

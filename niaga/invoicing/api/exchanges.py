"""Tukar faktur: customers' days, rounds, and what came of each invoice."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from niaga.core.api import Number, Page, PageQuery, WallTime, page_of
from niaga.core.clock import now, today
from niaga.core.errors import NotFound
from niaga.invoicing.queries.exchange_rules import exchange_rule_of
from niaga.invoicing.queries.exchanges import exchange_round, exchange_rounds, proposed, round_items, to_exchange
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.cancel_exchange_round import cancel_exchange_round
from niaga.invoicing.services.plan_exchange_round import MOST, plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.services.withdraw_exchange import withdraw_exchange
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for

router = Router(tags=["tukar faktur"])
Paper = Literal["invoice", "receipt", "order", "delivery_note", "tax_invoice", "statement"]


class ExchangeRuleIn(Schema):
    """When, where and with which papers a customer takes invoices in. Without days: every working day."""

    model_config = ConfigDict(extra="forbid")

    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field([], max_length=7, description="0 is Monday.")
    month_days: list[Annotated[int, Field(ge=1, le=31)]] = Field(
        [], max_length=31, description="31 is the month's last day. No working day: the next one."
    )
    time_from: WallTime | None = None
    time_until: WallTime | None = None
    place: str = Field("", max_length=200)
    contact_name: str = Field("", max_length=120)
    papers: list[Paper] = Field(["invoice"], max_length=6)
    note: str = Field("", max_length=2000)
    is_active: bool = True


class ExchangeRuleOut(Schema):
    customer_id: UUID
    weekdays: list[int]
    month_days: list[int]
    time_from: str | None = Field(description="On the clock of the customer's place.")
    time_until: str | None
    place: str
    contact_name: str
    papers: list[str]
    note: str
    is_active: bool

    @staticmethod
    def resolve_time_from(rule: Any) -> str | None:
        return None if rule.time_from is None else f"{rule.time_from:%H:%M:%S}"

    @staticmethod
    def resolve_time_until(rule: Any) -> str | None:
        return None if rule.time_until is None else f"{rule.time_until:%H:%M:%S}"


class ExchangeRoundIn(Schema):
    model_config = ConfigDict(extra="forbid")

    date: dt.date
    collector_id: UUID
    invoice_ids: list[UUID] = Field(min_length=1, max_length=MOST)
    note: str = Field("", max_length=2000)


class ExchangeItemOut(Schema):
    """An invoice on a round. `outcome`: waiting, taken, refused, missed, left (the round was called off) or
    withdrawn."""

    invoice_id: UUID
    number: str = Field(validation_alias="invoice.number")
    customer_id: UUID
    outcome: str
    receipt_number: str
    received_by_name: str
    exchanged_date: dt.date | None
    promised_date: dt.date | None
    next_date: dt.date | None
    reason: str
    decided_at: dt.datetime | None


class ExchangeRoundRow(Schema):
    id: UUID
    number: str
    date: dt.date
    collector_id: UUID
    status: str = Field(description="`planned`, `done` or `cancelled`.")
    size: int
    taken: int
    waits: int
    note: str
    created_at: dt.datetime
    ended_at: dt.datetime | None


class ExchangeRoundOut(ExchangeRoundRow):
    items: list[ExchangeItemOut] = Field(validation_alias="item_rows", description="Of invoices that you may see.")


class OutcomeIn(Schema):
    """What came of invoices of one customer. Taken: the receipt's number or who took them in; `day` is the round's own
    unless said. Refused: the reason. Missed: when to try again, or the customer's next day."""

    model_config = ConfigDict(extra="forbid")

    invoice_ids: list[UUID] = Field(min_length=1, max_length=MOST)
    outcome: Literal["taken", "refused", "missed"]
    receipt_number: str = Field("", max_length=60)
    received_by_name: str = Field("", max_length=120)
    day: dt.date | None = None
    promised: dt.date | None = Field(None, description="When they will pay.")
    reason: str = Field("", max_length=2000)
    next_date: dt.date | None = None


class WithdrawalIn(Schema):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)


class ToExchangeQuery(PageQuery):
    customer_id: UUID | None = None


class ToExchangeRow(Schema):
    """An open invoice that was not taken in. `round_id`: the round on which it waits."""

    invoice_id: UUID = Field(validation_alias="id")
    number: str
    customer_id: UUID
    date: dt.date
    currency: str
    open: Number
    round_id: UUID | None
    last_outcome: str | None
    last_reason: str | None
    next_date: dt.date | None


class DayQuery(Schema):
    day: dt.date | None = Field(None, description="Without it today.")


def _out(round_id: UUID, request: HttpRequest) -> Any:
    found = exchange_round(round_id=round_id, by=request.user)
    found.__dict__["item_rows"] = round_items(round_id=round_id, by=request.user)
    return found


@router.get(
    "/customers/{customer_id}/exchange-rule", response=ExchangeRuleOut, summary="Show when invoices are taken in"
)
def read_exchange_rule(request: HttpRequest, customer_id: UUID) -> Any:
    rule = exchange_rule_of(customer_id=customer_id, by=request.user)
    if rule is None:
        raise NotFound()
    return rule


@router.put(
    "/customers/{customer_id}/exchange-rule", response=ExchangeRuleOut, summary="Say when invoices are taken in"
)
def put_exchange_rule(request: HttpRequest, customer_id: UUID, body: ExchangeRuleIn) -> Any:
    """The whole rule. From then on the customer's open invoices wait for their exchange."""
    customer_for(request.user, customer_id)
    return save_exchange_rule(
        customer_id=customer_id, rule=ExchangeRuleInput(**body.dict()), by=request.user, at=now()
    )  # fmt: skip


@router.get("/invoices-to-exchange", response=Page[ToExchangeRow], summary="List invoices that were not taken in")
def list_to_exchange(request: HttpRequest, query: Query[ToExchangeQuery]) -> Any:
    """Open invoices of customers who take them in on days of their own, the oldest first."""
    access_of(request.user).require("invoice", "view")
    rows = to_exchange(by=request.user)
    if query.customer_id:
        rows = rows.filter(customer_id=query.customer_id)
    return page_of(rows, order=("date", "id"), query=query)


@router.get("/exchange-proposals", response=list[ToExchangeRow], summary="What is due for exchange on a day")
def list_proposals(request: HttpRequest, query: Query[DayQuery]) -> Any:
    """Invoices on no round that their customers take in on this day, customer by customer."""
    access_of(request.user).require("invoice", "view")
    here = today(at=now(), zone=access_of(request.user).current_company.zone)
    return proposed(day=query.day or here, by=request.user)


@router.get("/exchange-rounds", response=Page[ExchangeRoundRow], summary="List rounds of tukar faktur")
def list_exchange_rounds(request: HttpRequest, query: Query[PageQuery]) -> Any:
    return page_of(exchange_rounds(by=request.user), order=("-date", "-id"), query=query)


@router.get("/exchange-rounds/{exchange_round_id}", response=ExchangeRoundOut, summary="Show a round")
def read_exchange_round(request: HttpRequest, exchange_round_id: UUID) -> Any:
    return _out(exchange_round_id, request)


@router.post("/exchange-rounds", response={201: ExchangeRoundOut}, summary="Plan a round")
def post_exchange_round(request: HttpRequest, response: HttpResponse, body: ExchangeRoundIn) -> Any:
    """An invoice stands on one round at a time, and on none once it was taken in."""
    found = plan_exchange_round(by=request.user, at=now(), **body.dict())
    response["Location"] = f"/api/v1/exchange-rounds/{found.pk}"
    return Status(201, _out(found.pk, request))


@router.post("/exchange-rounds/{exchange_round_id}/outcomes", response=ExchangeRoundOut, summary="Note what came of it")
def post_outcome(request: HttpRequest, exchange_round_id: UUID, body: OutcomeIn) -> Any:
    """For good; the last outcome ends the round. A photo of the receipt is a file of the invoice."""
    exchange_round(round_id=exchange_round_id, by=request.user)
    said = body.dict(exclude={"invoice_ids"})
    record_exchange(
        round_id=exchange_round_id, invoice_ids=body.invoice_ids, outcome=Outcome(**said), by=request.user, at=now()
    )
    return Status(200, _out(exchange_round_id, request))


@router.post("/exchange-rounds/{exchange_round_id}/cancellation", response=ExchangeRoundOut, summary="Call a round off")
def post_cancellation(request: HttpRequest, exchange_round_id: UUID) -> Any:
    """What was taken in stays so; what waits can be planned for another day."""
    exchange_round(round_id=exchange_round_id, by=request.user)
    cancel_exchange_round(round_id=exchange_round_id, by=request.user, at=now())
    return Status(200, _out(exchange_round_id, request))


@router.post("/invoices/{invoice_id}/exchange-withdrawal", response=ExchangeItemOut, summary="Take an exchange back")
def post_withdrawal(request: HttpRequest, invoice_id: UUID, body: WithdrawalIn) -> Any:
    """It was noted by mistake, or the customer gave the invoice back: what counted from that day has no day again."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    return Status(200, withdraw_exchange(invoice_id=invoice_id, reason=body.reason, by=request.user, at=now()))

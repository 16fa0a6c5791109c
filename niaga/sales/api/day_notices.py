"""Whether customers hear of promised days that change."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.api.answers import order_answer
from niaga.sales.api.schemas import OrderOut
from niaga.sales.queries.day_notices import open_notice, own_notice_rule
from niaga.sales.queries.documents import get_order
from niaga.sales.services.answer_day_notice import answer_day_notice
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule

router = Router(tags=["orders"])
Mode = Literal["", "none", "ask", "always"]


class NoticeWords(Schema):
    subject: str = Field("", max_length=200)
    text: str = Field("", max_length=4000)


class DayNoticeRuleShape(Schema):
    """An empty `mode` takes the rule away. `words` by language, `id` and `en`; without them the usual ones."""

    mode: Mode
    by_email: bool = True
    whatsapp_template: str = Field("", max_length=120)
    words: dict[str, NoticeWords] = Field(default_factory=dict, max_length=2)


class CustomerNoticeRule(Schema):
    """An empty `mode`: as the company's rule says."""

    mode: Mode


class NoticeAnswerIn(Schema):
    tell: bool


class DayNoticeOut(Schema):
    """`state`: `asked` (somebody decides) or `waiting` (it goes out at `due_at`)."""

    state: str
    due_at: datetime


@router.get("/day-notice-rule", response=DayNoticeRuleShape, summary="Show whether customers hear of changed days")
def read_day_notice_rule(request: HttpRequest) -> Any:
    access = access_of(request.user)
    access.require("setting", "view")
    held = own_notice_rule(company_id=access.current_company.id, customer_id=None)
    return held or {"mode": "", "by_email": True, "whatsapp_template": "", "words": {}}


@router.put("/day-notice-rule", response=DayNoticeRuleShape, summary="Say whether customers hear of changed days")
def put_day_notice_rule(request: HttpRequest, body: DayNoticeRuleShape) -> Any:
    """For customers who have no rule of their own."""
    save_day_notice_rule(
        company_id=access_of(request.user).current_company.id, customer_id=None, by=request.user, at=now(),
        **body.dict(),
    )  # fmt: skip
    return body


@router.get(
    "/customers/{customer_id}/day-notice-rule", response=CustomerNoticeRule, summary="Show a customer's notices"
)
def read_customer_day_notice_rule(request: HttpRequest, customer_id: UUID) -> Any:
    """Whether just this customer hears of changed days."""
    customer_for(request.user, customer_id)
    held = own_notice_rule(company_id=access_of(request.user).current_company.id, customer_id=customer_id)
    return held or {"mode": ""}


@router.put("/customers/{customer_id}/day-notice-rule", response=CustomerNoticeRule, summary="Set a customer's notices")
def put_customer_day_notice_rule(request: HttpRequest, customer_id: UUID, body: CustomerNoticeRule) -> Any:
    """Whether just this customer hears of changed days."""
    save_day_notice_rule(
        company_id=access_of(request.user).current_company.id, customer_id=customer_id, mode=body.mode,
        by=request.user, at=now(),
    )  # fmt: skip
    return body


@router.get("/orders/{order_id}/day-notice", response=DayNoticeOut, summary="Show what a customer is to be told")
def read_day_notice(request: HttpRequest, order_id: UUID) -> Any:
    """That the days of an order changed and nobody was told yet; 404: nothing is to be told."""
    order = get_order(order_id=order_id, by=request.user)
    found = open_notice(order_id=order.pk)
    if found is None:
        raise NotFound()
    return found


@router.post("/orders/{order_id}/day-notice", response=OrderOut, summary="Decide whether a customer is told")
def post_day_notice(request: HttpRequest, response: HttpResponse, order_id: UUID, body: NoticeAnswerIn) -> Any:
    """Tell them of the changed days, or not."""
    get_order(order_id=order_id, by=request.user)
    order = answer_day_notice(order_id=order_id, tell=body.tell, by=request.user, at=now())
    return Status(200, order_answer(response, order))

"""An order billed by milestones."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from niaga.core.api import Amount, Number, Percent
from niaga.core.clock import now
from niaga.sales.api.billing_rules import BillingCauseOut
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.milestones import milestones_of, order_of_milestone
from niaga.sales.rules.milestones import LONGEST_NAME, MOST, Part
from niaga.sales.services.bill_milestone import bill_milestone
from niaga.sales.services.plan_milestones import plan_milestones

router = Router(tags=["invoices"])


class MilestoneIn(Schema):
    """`percent` of the order or an `amount` with its tax; billed on `date`, or on somebody's word."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    percent: Percent | None = None
    amount: Amount | None = Field(None, gt=0)
    date: dt.date | None = None


class MilestonesIn(Schema):
    """All percentages, which make 100, or all amounts, which make the order's total."""

    parts: list[MilestoneIn] = Field(min_length=2, max_length=MOST)
    issues: bool = Field(False, description="Issued at once; else each is a draft.")


class MilestoneOut(Schema):
    id: UUID
    name: str
    percent: Decimal | None
    amount: Number | None
    date: dt.date | None
    state: str = Field(description="`planned`, `waiting` (with `reason`), `draft` or `invoiced`.")
    expected: Number = Field(description="The total of its invoice, or about what it will come to.")
    reason: str
    invoice_id: UUID | None


class MilestoneList(Schema):
    items: list[MilestoneOut]


def _list(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    found = milestones_of(order=get_order(order_id=order_id, by=request.user))
    own = ("id", "name", "percent", "amount", "date")
    return {
        "items": [
            {
                **{name: getattr(one.milestone, name) for name in own}, "state": one.state, "expected": one.expected,
                "reason": one.reason, "invoice_id": one.invoice_id,
            }
            for one in found
        ]
    }  # fmt: skip


@router.get("/orders/{order_id}/milestones", response=MilestoneList, summary="List the milestones of an order")
def list_milestones(request: HttpRequest, order_id: UUID) -> Any:
    """Empty where it is billed in another way."""
    return _list(request, order_id)


@router.put("/orders/{order_id}/milestones", response=MilestoneList, summary="Bill an order by milestones")
def put_milestones(request: HttpRequest, order_id: UUID, body: MilestonesIn) -> Any:
    """In the place of those planned before, and of every other way of billing, until something is invoiced."""
    get_order(order_id=order_id, by=request.user)
    parts = [Part(one.name, one.percent, one.amount, one.date) for one in body.parts]
    plan_milestones(order_id=order_id, parts=parts, issues=body.issues, by=request.user, at=now())
    return _list(request, order_id)


@router.post("/milestones/{milestone_id}/invoice", response=BillingCauseOut, summary="Bill a milestone")
def post_milestone_invoice(request: HttpRequest, milestone_id: UUID) -> Any:
    """On your word, before its day too. Answers its cause: with its invoice, or with why it waits."""
    order_of_milestone(milestone_id=milestone_id, by=request.user)
    return bill_milestone(milestone_id=milestone_id, by=request.user, at=now())

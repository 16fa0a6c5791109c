"""Billing by itself: the rules, and what waits."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.queries.billing import own_rule, waiting_causes
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.put_causes_aside import put_causes_aside
from niaga.sales.services.save_billing_rule import save_billing_rule

router = Router(tags=["invoices"])


class BillingRuleIn(Schema):
    """`way`: empty takes the rule away. `period` where it is billed at the end of one. `issues`: at once, no draft."""

    way: Literal["", "by_hand", "confirmation", "delivery", "period"]
    period: Literal["", "week", "half_month", "month"] = ""
    issues: bool = False


class BillingRuleOut(Schema):
    way: str
    period: str
    issues: bool


class BillingCauseOut(Schema):
    id: UUID
    kind: str
    customer_id: UUID
    order_ids: list[UUID]
    source_number: str
    until: dt.date | None
    code: str
    reason: str
    invoice_id: UUID | None
    created_at: dt.datetime
    tried_at: dt.datetime | None
    done_at: dt.datetime | None


def _rule(request: HttpRequest, customer_id: UUID | None) -> Any:
    access = access_of(request.user)
    access.require("invoice", "view")
    if customer_id is not None:
        customer_for(request.user, customer_id)
    held = own_rule(company_id=access.current_company.id, customer_id=customer_id)
    return held or {"way": "", "period": "", "issues": False}


def _save(request: HttpRequest, customer_id: UUID | None, body: BillingRuleIn) -> Any:
    company_id = access_of(request.user).current_company.id
    save_billing_rule(
        company_id=company_id, customer_id=customer_id, by=request.user, at=now(), **body.dict()
    )  # fmt: skip
    return _rule(request, customer_id)


@router.get("/billing-rule", response=BillingRuleOut, summary="Show when customers are billed")
def read_billing_rule(request: HttpRequest) -> Any:
    """For customers who have no rule of their own."""
    return _rule(request, None)


@router.put("/billing-rule", response=BillingRuleOut, summary="Say when customers are billed")
def put_billing_rule(request: HttpRequest, body: BillingRuleIn) -> Any:
    return _save(request, None, body)


@router.get("/customers/{customer_id}/billing-rule", response=BillingRuleOut, summary="Show a customer's billing rule")
def read_customer_billing_rule(request: HttpRequest, customer_id: UUID) -> Any:
    return _rule(request, customer_id)


@router.put("/customers/{customer_id}/billing-rule", response=BillingRuleOut, summary="Say when a customer is billed")
def put_customer_billing_rule(request: HttpRequest, customer_id: UUID, body: BillingRuleIn) -> Any:
    return _save(request, customer_id, body)


@router.get("/billing-causes", response=Page[BillingCauseOut], summary="List what waits to be invoiced")
def list_billing_causes(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """What could not be billed by itself, with the reason, the oldest first."""
    access_of(request.user).require("invoice", "create")
    return page_of(waiting_causes(by=request.user), order=("created_at", "id"), query=query)


def _seen(request: HttpRequest, cause_id: UUID) -> None:
    access_of(request.user).require("invoice", "create")
    if not waiting_causes(by=request.user).filter(pk=cause_id).exists():
        raise NotFound()


@router.post(
    "/billing-causes/{billing_cause_id}/attempt", response=BillingCauseOut, summary="Try to invoice what waits"
)
def post_billing_attempt(request: HttpRequest, billing_cause_id: UUID) -> Any:
    """Answers the cause: with its invoice, or with why it still waits."""
    _seen(request, billing_cause_id)
    return bill_cause(cause_id=billing_cause_id, by=request.user, at=now())


@router.post("/billing-causes/{billing_cause_id}/setting-aside", response={204: None}, summary="Put aside what waits")
def post_billing_setting_aside(request: HttpRequest, billing_cause_id: UUID) -> Any:
    """It is not tried by itself any more; its orders can be billed by hand."""
    _seen(request, billing_cause_id)
    put_causes_aside(cause_ids=[billing_cause_id], by=request.user, at=now())
    return Status(204, None)

"""Late fees: rules, what was charged and may still be, letting go of some, and what is to be credited."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from niaga.core.api import Amount, Page, PageQuery, page_of
from niaga.core.clock import now, today
from niaga.invoicing.queries.charged_fees import (
    NOT_OWED_ORDER,
    charges,
    judge_fees,
    late_fees,
    perhaps_not_owed,
    see_charge,
)
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.late_fee_rules import late_fee_rule, late_fee_rules
from niaga.invoicing.queries.late_fees import late_fees_so_far
from niaga.invoicing.services.charge_late_fees import charge_late_fees
from niaga.invoicing.services.save_late_fee_rule import (
    MOST_CAP,
    MOST_GRACE,
    MOST_PERCENT,
    RuleInput,
    save_late_fee_rule,
)
from niaga.invoicing.services.waive_late_days import waive_late_days
from niaga.invoicing.services.waive_late_fee import waive_late_fee
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for

router = Router(tags=["late fees"])


class FeeRuleIn(Schema):
    """For a customer, a group, or (neither) all others. `percent` a month of 30 days, or `fixed` once a part."""

    model_config = ConfigDict(extra="forbid")

    group_id: UUID | None = None
    customer_id: UUID | None = None
    is_active: bool = Field(True, description="Off: these customers pay no fee.")
    percent: Decimal = Field(Decimal(0), ge=0, le=MOST_PERCENT, max_digits=9, decimal_places=6)
    fixed: Amount = Field(Decimal(0), ge=0, description="In the company's own currency.")
    grace_days: int = Field(0, ge=0, le=MOST_GRACE)
    cap_percent: Decimal | None = Field(None, gt=0, le=MOST_CAP, max_digits=9, decimal_places=6)
    minimum: Amount = Field(Decimal(0), ge=0, description="In the company's own currency; a smaller fee waits.")
    starts_on: dt.date
    with_older: bool = False
    promise_stops: bool = True
    issues: bool = False
    tax_category_id: UUID | None = Field(None, description="None: the fee bears no tax.")


class FeeRuleOut(FeeRuleIn):
    id: UUID
    cap_percent: Decimal | None = None
    percent: Decimal
    fixed: Decimal
    minimum: Decimal


class LateFeeOut(Schema):
    """A fee invoice; `charged` and `waived` without tax."""

    id: UUID
    invoice_id: UUID
    customer_id: UUID
    currency: str
    month: dt.date = Field(description="Its first day.")
    status: str = Field(description="Of the fee invoice: draft, issued, discarded.")
    charged: Decimal
    waived: Decimal

    @staticmethod
    def resolve_status(row: Any) -> str:
        return str(row.invoice.status)


class FeeSegmentOut(Schema):
    first: dt.date
    last: dt.date
    days: int
    open: Decimal


class LateChargeOut(Schema):
    """Late days of a part of an invoice, charged by a fee invoice or (without one) waived before."""

    id: UUID
    invoice_id: UUID
    customer_id: UUID
    fee_invoice_id: UUID | None
    first: dt.date
    last: dt.date
    currency: str
    percent: Decimal
    fixed: Decimal
    amount: Decimal
    waived: Decimal
    segments: list[FeeSegmentOut]


class FeeQuery(PageQuery):
    customer_id: UUID | None = None
    month: dt.date | None = Field(None, description="Any day of it.")


class ChargeQuery(PageQuery):
    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    fee_invoice_id: UUID | None = None


class LateChargeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    month: dt.date = Field(description="Any day of it; days up to its end are charged.")


class FeeWaiverIn(Schema):
    """Without an amount all of it; without tax."""

    model_config = ConfigDict(extra="forbid")

    amount: Amount | None = Field(None, gt=0)
    reason: str = Field(min_length=1, max_length=1000)


class DaysWaiverIn(Schema):
    """Without a day up to today."""

    model_config = ConfigDict(extra="forbid")

    until: dt.date | None = None
    reason: str = Field(min_length=1, max_length=1000)


class FeeWaiverOut(Schema):
    id: UUID
    amount: Decimal
    reason: str
    credit_note_id: UUID | None
    at: dt.datetime


class RunningFeeOut(Schema):
    currency: str
    amount: Decimal = Field(description="Without tax; not charged yet.")


class FeeNotOwedOut(Schema):
    charge: LateChargeOut
    excess: Decimal = Field(description="To be credited: waive it with this amount.")


class FeesMadeOut(Schema):
    invoice_ids: list[UUID]


class DaysWaivedOut(Schema):
    parts: int


@router.get("/late-fee-rules", response=Page[FeeRuleOut], summary="List rules about late fees")
def list_late_fee_rules(request: HttpRequest, query: Query[PageQuery]) -> Any:
    return page_of(late_fee_rules(by=request.user), order=("id",), query=query)


@router.get("/late-fee-rules/{late_fee_rule_id}", response=FeeRuleOut, summary="Show a rule about late fees")
def read_late_fee_rule(request: HttpRequest, late_fee_rule_id: UUID) -> Any:
    return late_fee_rule(rule_id=late_fee_rule_id, by=request.user)


@router.post("/late-fee-rules", response={201: FeeRuleOut}, summary="Write a rule about late fees")
def post_late_fee_rule(request: HttpRequest, response: HttpResponse, body: FeeRuleIn) -> Any:
    """A customer's own goes before their group's, that before the one for all others."""
    here = access_of(request.user).current_company
    key = save_late_fee_rule(company_id=here.id, rule=RuleInput(**body.dict()), by=request.user, at=now())
    response["Location"] = f"/api/v1/late-fee-rules/{key}"
    return Status(201, late_fee_rule(rule_id=key, by=request.user))


@router.put("/late-fee-rules/{late_fee_rule_id}", response=FeeRuleOut, summary="Change a rule about late fees")
def put_late_fee_rule(request: HttpRequest, late_fee_rule_id: UUID, body: FeeRuleIn) -> Any:
    """The whole rule, for what is charged from now on."""
    late_fee_rule(rule_id=late_fee_rule_id, by=request.user)
    here = access_of(request.user).current_company
    save_late_fee_rule(
        company_id=here.id, rule_id=late_fee_rule_id, rule=RuleInput(**body.dict()), by=request.user, at=now()
    )
    return late_fee_rule(rule_id=late_fee_rule_id, by=request.user)


@router.get("/late-fees", response=Page[LateFeeOut], summary="List late fees")
def list_late_fees(request: HttpRequest, query: Query[FeeQuery]) -> Any:
    """Fee invoices by customer, month and currency."""
    access_of(request.user).require("invoice", "view")
    rows = late_fees(by=request.user)
    if query.customer_id:
        rows = rows.filter(customer_id=query.customer_id)
    if query.month:
        rows = rows.filter(month=query.month.replace(day=1))
    return page_of(rows, order=("-month", "-id"), query=query)


@router.post("/late-fees", response={201: FeesMadeOut}, summary="Charge a customer's late fees")
def post_late_fees(request: HttpRequest, body: LateChargeIn) -> Any:
    """One fee invoice for each currency; none where nothing is to be charged. A job does the same for all customers
    when a month is over."""
    customer_for(request.user, body.customer_id)
    made = charge_late_fees(customer_id=body.customer_id, month=body.month, by=request.user, at=now())
    return Status(201, {"invoice_ids": made})


@router.get("/late-fee-charges", response=Page[LateChargeOut], summary="List charged late days")
def list_charges(request: HttpRequest, query: Query[ChargeQuery]) -> Any:
    """Each with its reckoning."""
    access_of(request.user).require("invoice", "view")
    asked = {"customer_id": query.customer_id, "invoice_id": query.invoice_id, "fee__invoice_id": query.fee_invoice_id}
    rows = charges(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-last", "-id"), query=query)


@router.get("/late-fee-charges/not-owed", response=Page[FeeNotOwedOut], summary="List late fees to be credited")
def list_not_owed(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Issued fees of days that turned out not to be owed; nothing is changed until they are waived. A page looks at so
    many charges, and may hold fewer: go on as long as there is a cursor."""
    access = access_of(request.user)
    access.require("invoice", "view")
    page = page_of(perhaps_not_owed(by=request.user), order=NOT_OWED_ORDER, query=query)
    found = judge_fees(page["items"], by=request.user, today=today(at=now(), zone=access.current_company.zone))
    return {**page, "items": [{"charge": one.days, "excess": one.excess} for one in found]}


@router.post("/late-fee-charges/{late_days_id}/waiver", response={201: FeeWaiverOut}, summary="Waive a late fee")
def post_waiver(request: HttpRequest, late_days_id: UUID, body: FeeWaiverIn) -> Any:
    """A draft is lessened; an issued fee invoice gets its credit note, issued at once."""
    see_charge(days_id=late_days_id, by=request.user)
    waived = waive_late_fee(
        days_id=late_days_id, amount=body.amount, reason=body.reason, by=request.user, at=now()
    )  # fmt: skip
    return Status(201, waived)


@router.post("/invoices/{invoice_id}/late-fee-waiver", response={201: DaysWaivedOut}, summary="Waive late days")
def post_days_waiver(request: HttpRequest, invoice_id: UUID, body: DaysWaiverIn) -> Any:
    """Late days that are not charged yet: they never are."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    parts = waive_late_days(
        invoice_id=invoice_id, until=body.until, reason=body.reason, by=request.user, at=now()
    )  # fmt: skip
    return Status(201, {"parts": parts})


@router.get(
    "/invoices/{invoice_id}/late-fee", response=list[RunningFeeOut], summary="Show an invoice's late fee so far"
)
def read_running_fee(request: HttpRequest, invoice_id: UUID) -> Any:
    """What its late days cost up to today and is not charged yet; empty where it is nothing."""
    invoice = see_invoice(invoice_id=invoice_id, by=request.user)
    day = today(at=now(), zone=access_of(request.user).current_company.zone)
    fees = late_fees_so_far(company_id=invoice.company_id, today=day, invoice_ids=[invoice_id])
    return [{"currency": currency, "amount": amount} for currency, amount in fees.items()]

"""What is given up of invoices, and claimed again."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from niaga.core.api import Amount, Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.write_offs import see_write_off, small_rest_of, visible_write_offs
from niaga.invoicing.services.ask_write_off import ask_write_off
from niaga.invoicing.services.reverse_write_off import reverse_write_off
from niaga.invoicing.services.set_write_off_rule import set_write_off_rule
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.services.write_off_rests import MOST, write_off_rests
from niaga.organization.access import access_of

router = Router(tags=["invoices"])


class WriteOffIn(Schema):
    """Without an amount all that is open."""

    amount: Amount | None = Field(None, gt=0)
    reason: str = Field(min_length=1, max_length=1000)


class RestsIn(Schema):
    invoice_ids: list[UUID] = Field(min_length=1, max_length=MOST)
    reason: str = Field(min_length=1, max_length=1000)


class AgainIn(Schema):
    reason: str = Field(min_length=1, max_length=1000)


class WriteOffRuleIn(Schema):
    most: Amount = Field(ge=0, description="In the company's own currency; 0: none is written off at once.")


class WriteOffRuleOut(Schema):
    most: Decimal


class WriteOffOut(Schema):
    id: UUID
    number: str = Field(description="Of the deed: several invoices may have been written off in it.")
    invoice_id: UUID
    customer_id: UUID
    kind: Literal["bad_debt", "difference"]
    currency: str
    amount: Decimal
    base_amount: Decimal = Field(description="Of the receivable, in the company's own currency.")
    reason: str
    date: dt.date
    at: dt.datetime
    reversed_on: dt.date | None = Field(description="When it was claimed again.")


class WriteOffQuery(PageQuery):
    invoice_id: UUID | None = None
    customer_id: UUID | None = None
    number: str = Field("", max_length=40)


class AskedOut(Schema):
    approval_id: UUID


@router.get("/write-offs", response=Page[WriteOffOut], summary="List write-offs")
def list_write_offs(request: HttpRequest, query: Query[WriteOffQuery]) -> Any:
    access_of(request.user).require("invoice", "view")
    asked = {"invoice_id": query.invoice_id, "invoice__customer_id": query.customer_id, "deed__number": query.number}
    rows = visible_write_offs(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-at", "-id"), query=query)


@router.post("/invoices/{invoice_id}/write-offs", response={201: WriteOffOut}, summary="Write an invoice off")
def post_write_off(request: HttpRequest, invoice_id: UUID, body: WriteOffIn) -> Any:
    """Give up what is open, or a part of it; the invoice itself stays. Where a rule asks for a yes it is refused as
    `approval_needed`: ask for it, and write off when it is given."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    deed = write_off_invoice(invoice_id=invoice_id, amount=body.amount, reason=body.reason, by=request.user, at=now())
    return Status(201, visible_write_offs(by=request.user).get(deed_id=deed.pk))


@router.post(
    "/invoices/{invoice_id}/write-off-requests", response={201: AskedOut}, summary="Ask for a write-off's approval"
)
def post_write_off_request(request: HttpRequest, invoice_id: UUID, body: WriteOffIn) -> Any:
    """Ask those whom the rules name."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    key = ask_write_off(invoice_id=invoice_id, amount=body.amount, reason=body.reason, by=request.user, at=now())
    return Status(201, {"approval_id": key})


@router.post("/write-offs", response={201: list[WriteOffOut]}, summary="Write off small rests")
def post_rests(request: HttpRequest, body: RestsIn) -> Any:
    """Give up the rests of many invoices that are not above the company's threshold, in one deed."""
    deed = write_off_rests(invoice_ids=body.invoice_ids, reason=body.reason, by=request.user, at=now())
    return Status(201, list(visible_write_offs(by=request.user).filter(deed_id=deed.pk).order_by("invoice__number")))


@router.post("/write-offs/{write_off_id}/reversal", response=WriteOffOut, summary="Claim a write-off again")
def post_reversal(request: HttpRequest, write_off_id: UUID, body: AgainIn) -> Any:
    """It is open again; what comes in is recorded as a payment."""
    see_write_off(write_off_id=write_off_id, by=request.user)
    reverse_write_off(write_off_id=write_off_id, reason=body.reason, by=request.user, at=now())
    return Status(200, see_write_off(write_off_id=write_off_id, by=request.user))


@router.get("/write-off-rule", response=WriteOffRuleOut, summary="Show the threshold of small differences")
def read_write_off_rule(request: HttpRequest) -> Any:
    access_of(request.user).require("invoice", "view")
    return {"most": small_rest_of(access_of(request.user).current_company.id)}


@router.put("/write-off-rule", response=WriteOffRuleOut, summary="Set the threshold of small differences")
def put_write_off_rule(request: HttpRequest, body: WriteOffRuleIn) -> Any:
    """Up to which open rest is written off at once."""
    company_id = access_of(request.user).current_company.id
    return set_write_off_rule(company_id=company_id, most=body.most, by=request.user, at=now())

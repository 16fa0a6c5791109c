"""What may be taken off an invoice that is paid early, what was given, and what a person grants or takes back."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.invoicing.queries.early_discounts import see_discount, visible_discounts
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.grant_discount import grant_discount
from niaga.invoicing.services.take_back_discount import take_back_discount
from niaga.organization.access import access_of

router = Router(tags=["invoices"])


class DiscountReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=1000)


class DiscountOut(Schema):
    id: UUID
    number: str = Field(description="Of the payment that came in time, else of the invoice.")
    invoice_id: UUID
    customer_id: UUID
    payment_id: UUID | None
    credit_note_id: UUID | None = Field(description="It lessens tax base and tax; none: a cost of the company.")
    debit_note_id: UUID | None = Field(description="That claimed it again, when it was taken back.")
    percent: Decimal
    until: dt.date
    currency: str
    amount: Decimal
    base_amount: Decimal = Field(description="Of the receivable, in the company's own currency.")
    late: bool = Field(description="A person granted it after its last day.")
    reason: str
    date: dt.date
    at: dt.datetime
    reversed_on: dt.date | None = Field(description="When it was taken back.")


class DiscountQuery(PageQuery):
    invoice_id: UUID | None = None
    customer_id: UUID | None = None
    payment_id: UUID | None = None


@router.get("/early-payment-discounts", response=Page[DiscountOut], summary="List early-payment discounts")
def list_discounts(request: HttpRequest, query: Query[DiscountQuery]) -> Any:
    access_of(request.user).require("invoice", "view")
    asked = {"invoice_id": query.invoice_id, "invoice__customer_id": query.customer_id, "payment_id": query.payment_id}
    rows = visible_discounts(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-at", "-id"), query=query)


@router.post(
    "/invoices/{invoice_id}/early-payment-discount",
    response={201: DiscountOut},
    summary="Grant an early-payment discount late",
)
def post_grant(request: HttpRequest, invoice_id: UUID, body: DiscountReasonIn) -> Any:
    """Let go of what is open though it was paid late: no more than the term's discount, with a reason. In time it is
    given by itself when the payment is recorded."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    grant_discount(invoice_id=invoice_id, reason=body.reason, by=request.user, at=now())
    rows = visible_discounts(by=request.user).filter(invoice_id=invoice_id, reversed_on=None)
    return Status(201, rows.get())


@router.post(
    "/early-payment-discounts/{discount_id}/reversal",
    response=DiscountOut,
    summary="Take an early-payment discount back",
)
def post_reversal(request: HttpRequest, discount_id: UUID, body: DiscountReasonIn) -> Any:
    """It is open again from today on."""
    see_discount(discount_id=discount_id, by=request.user)
    take_back_discount(discount_id=discount_id, reason=body.reason, by=request.user, at=now())
    return Status(200, see_discount(discount_id=discount_id, by=request.user))

"""The shapes of payment requests, gateway accounts and refunds on the wire."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number, PageQuery

Way = Literal["link", "va", "qris"]
RequestStatus = Literal["queued", "sending", "pending", "paid", "expired", "failed", "uncertain"]
RefundStatus = Literal["queued", "sending", "pending", "done", "failed", "uncertain"]
Code = Annotated[str, Field(max_length=20)]


class PaymentRequestQuery(PageQuery):
    invoice_id: UUID | None = None
    customer_id: UUID | None = None
    status: RequestStatus | None = None


class PaymentRequestIn(Schema):
    """`bank` for a virtual account, as the gateway calls it. Without `gateway_id` the first that offers the way."""

    invoice_id: UUID
    method: Way = "link"
    bank: str = Field("", max_length=20)
    gateway_id: UUID | None = None


class PaymentRequestOut(Schema):
    """`url`, `account_number` or `code` (the text of a QRIS) is there once it is `pending`. `uncertain`: handed over,
    and no clear answer came; the gateway is asked, and it is never sent again by itself."""

    id: UUID
    gateway_id: UUID = Field(validation_alias="account_id")
    invoice_id: UUID
    customer_id: UUID
    method: Way
    bank: str
    currency: str
    amount: Number
    status: RequestStatus
    error: str = Field(description="The gateway's own words.")
    provider_id: str
    url: str
    account_number: str
    code: str
    expires_at: dt.datetime
    paid_at: dt.datetime | None
    paid_amount: Number | None
    fee: Number
    payment_id: UUID | None
    version: int
    created_at: dt.datetime


class RefundQuery(PageQuery):
    payment_id: UUID | None = None
    customer_id: UUID | None = None
    status: RefundStatus | None = None


class RefundIn(Schema):
    """Without an amount all that was not given back yet."""

    way: Literal["gateway", "transfer", "cash"]
    reason: str = Field(min_length=1, max_length=2000)
    amount: Amount | None = Field(None, gt=0)
    reference: str = Field("", max_length=80)
    bank_account_id: UUID | None = None


class PayOutIn(Schema):
    """`original`: each payment the way it came. Without an amount as much as can go back."""

    reason: str = Field(min_length=1, max_length=2000)
    way: Literal["original", "transfer", "cash"] = "original"
    amount: Amount | None = Field(None, gt=0)
    reference: str = Field("", max_length=80)
    bank_account_id: UUID | None = None


class RefundOut(Schema):
    id: UUID
    number: str
    payment_id: UUID
    customer_id: UUID
    way: str
    currency: str
    amount: Number
    reason: str
    reference: str
    date: dt.date
    status: RefundStatus
    error: str
    version: int
    created_at: dt.datetime


class AskedRefundOut(Schema):
    """Money that goes back once the approval `request_id` is given. `refunds` are what it became; `refusal` is the code
    of why it could not go back although it was approved."""

    request_id: UUID
    payment_id: UUID | None
    credit_note_id: UUID | None
    currency: str
    amount: Number
    way: str
    reason: str
    status: str = Field(alias="request.status")
    asked_at: dt.datetime
    made_at: dt.datetime | None
    refunds: list[UUID] = Field(alias="refund_ids")
    refusal: str


class RefundSettlementIn(Schema):
    """What a person saw at the gateway of an uncertain refund, and how they know."""

    went_back: bool
    note: str = Field(min_length=1, max_length=2000)


class GatewayIn(Schema):
    """A secret or token that is left out stays as it is. `banks` as the gateway calls them."""

    kind: Literal["midtrans", "xendit", "sandbox"]
    name: str = Field(min_length=1, max_length=80)
    live: bool = False
    secret: str | None = Field(None, max_length=500)
    token: str | None = Field(None, max_length=500)
    methods: list[Way] = Field(["link"], max_length=3)
    banks: list[Code] = Field([], max_length=20)
    fee_percent: Annotated[Decimal, Field(ge=0, le=20, max_digits=9, decimal_places=6)] = Decimal(0)
    fee_fixed: Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4)] = Decimal(0)
    expires_hours: int = Field(24, ge=1, le=720)
    is_active: bool = True
    statement_name: str = Field("", max_length=80, description="How the bank writes it beside its payouts.")
    payout_days: int = Field(3, ge=1, le=60, description="After so many days without a bank line one is missed.")
    payout_contact: str = Field("", max_length=200, description="Whom to ask then.")


class GatewayOut(Schema):
    """Keys are never told. `hook_url` is where the gateway is to call."""

    id: UUID
    kind: str
    name: str
    live: bool
    methods: list[str]
    banks: list[str]
    fee_percent: Number
    fee_fixed: Number
    expires_hours: int
    is_active: bool
    statement_name: str
    payout_days: int
    payout_contact: str
    checked_at: dt.datetime | None
    check_error: str
    hook_url: str


class GatewayList(Schema):
    items: list[GatewayOut]


class PayoutIn(Schema):
    """What came to the bank account, and what was kept besides the fees of the payments."""

    amount: Amount = Field(gt=0)
    fee: Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4)] = Decimal(0)
    date: dt.date | None = None
    bank_account_id: UUID | None = None
    reference: str = Field("", max_length=80)
    bank_line_id: UUID | None = Field(None, description="The bank line that shows it, which is booked to it.")


class PayoutQuery(PageQuery):
    state: Literal["found", "waiting", "unchecked", "missing"] | None = None


class PayoutOut(Schema):
    """`state`: a bank line shows it (`found`), it may still come (`waiting`), its days are over and the bank's
    statements do not reach so far (`unchecked`), or they do and it is not there (`missing`)."""

    id: UUID
    gateway_id: UUID = Field(validation_alias="account_id")
    date: dt.date
    currency: str
    amount: Number
    fee: Number
    bank_account_id: UUID | None
    reference: str
    state: str
    bank_line_id: UUID | None
    created_at: dt.datetime


class QrisIn(Schema):
    """The text that a scanner reads from the company's static code; empty takes it away."""

    text: str = Field(max_length=600)


class QrisOut(Schema):
    text: str
    merchant: str


class QrisReadOut(QrisOut):
    """A code that was read from a picture, and whose it is."""

    city: str
    merchant_id: str = Field(description="NMID; empty where the code does not say it.")


class InvoiceQrisOut(Schema):
    """The company's code for what is open now; empty where there is none. Showing it pays nothing."""

    text: str
    merchant: str
    amount: Number

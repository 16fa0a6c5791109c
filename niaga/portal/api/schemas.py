"""What a customer's program is told: the customer's own facts, never a cost, a margin or a word of the office's."""

import datetime as dt
from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from niaga.core.api import Number, PageQuery, PositiveQuantity


class PortalMeOut(Schema):
    """Whose pages the token opens."""

    company: str
    customer: str
    customer_id: UUID
    person: str
    currency: str = Field(examples=["IDR"])
    takes_orders: Literal["off", "request", "order"]
    takes_returns: bool


class PortalOrderRow(Schema):
    """`delivery_progress`: none, partial, done."""

    id: UUID
    number: str = Field(examples=["SO-2026-00412"])
    status: str
    delivery_progress: str
    customer_reference: str = Field(description="Your own number, as you named it.")
    date: dt.date
    planned_date: dt.date | None = Field(description="Promised for this day.")
    requested_date: dt.date | None = Field(description="The day you asked for.")
    currency: str
    total: Number


class PortalOrderLine(Schema):
    id: UUID
    kind: str
    product_id: UUID | None
    sku: str
    description: str
    quantity: Number
    unit: str
    unit_price: Number
    amount: Number
    planned_date: dt.date | None


class PortalDeliveryRow(Schema):
    id: UUID
    number: str
    status: str
    planned_date: dt.date | None
    shipped_at: datetime | None


class PortalOrderOut(PortalOrderRow):
    lines: list[PortalOrderLine]
    deliveries: list[PortalDeliveryRow]
    invoices: list[UUID]


class PortalDeliveryLine(Schema):
    product_id: UUID
    sku: str
    description: str
    quantity: Number
    unit: str


class PortalTrackingStep(Schema):
    """What happened, the newest first."""

    at: datetime
    name: str
    words: str
    place: str


class PortalDeliveryOut(PortalDeliveryRow):
    carrier: str
    tracking: str = Field(description="The carrier's number of it.")
    page: str = Field(description="Where the carrier shows it, if it does.")
    expected_date: dt.date | None
    received_by: str
    received_at: datetime | None
    steps: list[PortalTrackingStep]
    lines: list[PortalDeliveryLine]


class PortalInvoiceQuery(PageQuery):
    open: bool = Field(False, description="Only what is to be paid.")


class PortalInvoiceRow(Schema):
    """`kind`: invoice, down_payment, late_fee, giro_fee, debit_note, credit_note. `payment_state`: none, unpaid,
    partial, paid, overdue."""

    id: UUID
    kind: str
    number: str
    date: dt.date
    due_date: dt.date | None
    payment_state: str
    currency: str
    total: Number
    open: Number


class PortalInvoiceLine(Schema):
    id: UUID
    kind: str
    product_id: UUID | None
    sku: str
    description: str
    quantity: Number
    unit: str
    unit_price: Number
    discount_percent: Number
    amount: Number
    tax: Number


class PortalInvoiceOut(PortalInvoiceRow):
    net: Number
    tax: Number
    lines: list[PortalInvoiceLine]


class PortalBankOut(Schema):
    bank: str
    number: str
    holder: str


class PortalPaymentOut(Schema):
    """How to pay an invoice: by transfer with its number as reference, or on its page, which lasts."""

    open: Number
    currency: str
    to_transfer: Number = Field(description="Less what paying by today takes off.")
    reference: str
    page: str
    banks: list[PortalBankOut]


class PortalOpenOut(Schema):
    """By currency: what is open, what of it is overdue, what credit is unused."""

    open: Number
    overdue: Number
    credit: Number
    currency: str


class PortalStatementQuery(Schema):
    since: dt.date | None = Field(None, description="Nothing: the first of the month before.")
    until: dt.date | None = Field(None, description="Nothing: today.")


class PortalStatementLineOut(Schema):
    date: dt.date
    kind: str
    document_id: UUID
    number: str
    amount: Number = Field(description="Above zero: owed; below: paid or credited.")
    balance: Number
    due_date: dt.date | None


class PortalAccountOut(Schema):
    currency: str
    opening: Number
    closing: Number
    lines: list[PortalStatementLineOut]


class PortalStatementOut(Schema):
    since: dt.date
    until: dt.date
    accounts: list[PortalAccountOut]


class PortalDisputeIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "quantity", "text": "Two cartons are missing", "amount": "150000"}]},
    )

    reason: Literal["price", "quantity", "damaged", "not_ordered", "not_received", "other"]
    text: str = Field(min_length=1, max_length=4000)
    line_id: UUID | None = None
    amount: Number | None = Field(None, gt=0, description="Nothing: all of it.")


class PortalCaseOut(Schema):
    """What you told. `status`: open, settled, declined."""

    id: UUID
    kind: str
    status: str
    invoice_id: UUID | None
    amount: Number | None
    currency: str
    created_at: datetime


class PortalCaseNoteOut(Schema):
    """One thing that was said; `by_customer`: by one of yours, else by the company."""

    by_customer: bool
    name: str
    text: str
    at: datetime


class PortalCaseWhole(PortalCaseOut):
    """With what was said, in order."""

    notes: list[PortalCaseNoteOut]


class PortalReturnableOut(Schema):
    """`room`: how much of it may still come back."""

    order_line_id: UUID
    part_id: UUID | None
    name: str
    sku: str
    unit: str
    shipped: Number
    room: Number


class PortalReasonOut(Schema):
    id: UUID
    name: str


class PortalReturnableAnswer(Schema):
    lines: list[PortalReturnableOut]
    reasons: list[PortalReasonOut]


class PortalReturnLineIn(Schema):
    model_config = ConfigDict(extra="forbid")

    order_line_id: UUID
    part_id: UUID | None = None
    reason_id: UUID
    quantity: PositiveQuantity
    condition: Literal["unopened", "opened", "damaged"] = "unopened"


class PortalReturnIn(Schema):
    model_config = ConfigDict(extra="forbid")

    wish: Literal["credit", "exchange", "refund"] = "credit"
    note: str = Field("", max_length=2000)
    lines: list[PortalReturnLineIn] = Field(min_length=1, max_length=500)


class PortalReturnRow(Schema):
    """`number` is drawn when it is authorized."""

    id: UUID
    number: str | None
    status: str
    order_id: UUID | None
    wish: str
    date: dt.date


class PortalReturnLineOut(Schema):
    product_id: UUID
    description: str
    quantity: Number
    unit: str
    condition: str


class PortalReturnOut(PortalReturnRow):
    note: str
    lines: list[PortalReturnLineOut]


class PortalAgainOut(Schema):
    """What was ordered before, at today's price of one. `is_there`: null where the company does not tell."""

    product_id: UUID
    unit: str
    sku: str
    name: str
    last_quantity: Number
    last_date: dt.date
    price: Number | None
    is_there: bool | None


class PortalOfferOut(Schema):
    currency: str
    with_tax: bool
    lines: list[PortalAgainOut]


class PortalAgainLineIn(Schema):
    model_config = ConfigDict(extra="forbid")

    product_id: UUID
    unit: str = Field(min_length=1, max_length=20)
    quantity: PositiveQuantity


class PortalAgainIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{
            "wanted_on": "2026-12-07", "reference": "PO-4471",
            "lines": [{"product_id": "01900000-0000-7000-8000-000000000000", "unit": "pcs", "quantity": "12"}],
        }]},
    )  # fmt: skip

    wanted_on: dt.date | None = Field(None, description="The day you want it on.")
    reference: str = Field("", max_length=60)
    note: str = Field("", max_length=2000)
    lines: list[PortalAgainLineIn] = Field(min_length=1, max_length=100)


class PortalOrderedOut(Schema):
    """`confirmed`: it binds; else the company looks at it first and answers."""

    kind: Literal["order", "quotation"]
    id: UUID
    number: str
    confirmed: bool
